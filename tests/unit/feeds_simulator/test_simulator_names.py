"""Nobody real plays in the invented league."""

from xgoals.feeds.simulator import names

REAL_SURNAMES = """
messi ronaldo neymar mbappe haaland lewandowski kane salah son debruyne modric kroos benzema vinicius
bellingham musiala wirtz havertz gnabry sane kimmich goretzka muller neuer upamecano kim davies coman
olise tel pavlovic laimer guerreiro boey mazraoui deligt brandt sancho reus hummels kobel adeyemi malen
fullkrug sabitzer can ozcan schlotterbeck sule ryerson maatsen nmecha haller moukoko xhaka grimaldo
frimpong boniface schick tah tapsoba hincapie andrich palacios hofmann adli hradecky kossounou openda
sesko simons olmo xavi gulacsi raum henrichs orban lukeba simakan haidara schlager kampl poulsen werner
marmoush ekitike gotze trapp koch tuta pacho skhiri knauff larsson undav guirassy fuhrich stiller karazor
mittelstadt anton nubel millot vagnoman demirovic tietz vargas jakic gregoritsch grifo doan eggestein
ginter atubolu gunter kubler lienhart kramaric weghorst bebou prass baumann kabak plea honorat neuhaus
hack elvedi wober nicolas weigl ngoumou stoger asano broschinski losilla bernardo wind majer arnold
casteels gerhardt lacroix baku ducksch schmid jung pavlenka friedl stark veljkovic bittencourt stage
onisiwo burkardt lee amiri kohr zentner barreiro gruda volland hollerbach kruse khedira trimmel knoche
doekhi pieringer dinkci mainka kleindienst beste selke ljubicic kainz schwabe uth huseinbasic hector
podolski klose ballack kahn beckenbauer matthaus rummenigge vogts netzer overath sammer klinsmann voller
brehme effenberg scholl jeremies schweinsteiger lahm mertesacker hitzlsperger frings boateng ozil gomez
badstuber schurrle gundogan draxler odegaard saka rice martinelli jesus saliba gabriel white raya timber
trossard foden rodri silva grealish walker stones dias ederson akanji gvardiol doku ake alvarez nunez
diaz jota gakpo szoboszlai macallister endo robertson vandijk konate alisson palmer jackson sterling
fernandez caicedo gallagher chilwell james cucurella sanchez rashford hojlund fernandes casemiro mount
eriksen varane maguire martinez onana shaw dalot maddison kulusevski richarlison romero vandeven porro
udogie vicario bissouma sarr isak gordon guimaraes tonali trippier botman pope watkins bailey mcginn luiz
torres konsa bowen paqueta kudus ward prowse antonio mitoma ferguson estupinan gross dunk veltman eze
mateta guehi andersen wharton toney mbeumo wissa jensen yamal pedri gavi raphinha araujo kounde balde
terstegen fermin cubarsi rodrygo valverde camavinga tchouameni carvajal militao rudiger alaba courtois
lunin griezmann morata depay koke depaul oblak gimenez hermoso lautaro thuram barella calhanoglu
mkhitaryan dimarco bastoni acerbi sommer dumfries leao pulisic giroud theo tomori maignan reijnders
vlahovic chiesa rabiot locatelli bremer szczesny osimhen kvaratskhelia zielinski lobotka dilorenzo dybala
lukaku pellegrini mancini immobile zaccagni felipe lookman koopmeiners scamacca dembele hakimi marquinhos
donnarumma vitinha zaireemery kolomuani barcola asensio david lacazette cherki aubameyang pele maradona
cruyff zidane platini henry cantona ronaldinho rivaldo romario kaka cafu carlos baggio maldini nesta
pirlo buffon totti delpiero baresi figo eusebio deco raul casillas puyol iniesta ramos villa gerrard
lampard rooney beckham scholes giggs owen shearer charlton moore banks keane vieira bergkamp gullit
vanbasten rijkaard seedorf davids kluivert robben sneijder vanpersie vandersar schmeichel laudrup
ibrahimovic ljungberg nedved cech shevchenko stoichkov hagi suker boban hazard kompany drogba etoo weah
milla okocha toure mane mahrez hernandez popp oberdorf schuller hegering gwinn dallmann magull hemp russo
kelly bronze mead kerr putellas bonmati hansen hegerberg marozsan renard rapinoe morgan marta miedema
"""

REAL_CLUB_WORDS = """
bayern dortmund leverkusen leipzig stuttgart frankfurt freiburg hoffenheim gladbach monchengladbach
bochum wolfsburg bremen werder mainz berlin augsburg heidenheim koln cologne darmstadt hamburg schalke
hertha hannover nurnberg dusseldorf kaiserslautern paderborn karlsruhe fortuna hansa rostock dresden
duisburg arminia bielefeld osnabruck kiel holstein pauli eintracht borussia arsenal chelsea liverpool
everton manchester tottenham hotspur newcastle aston villa fulham brentford brighton hove palace
southampton leicester leeds burnley watford norwich sheffield wolverhampton nottingham forest bournemouth
luton ipswich sunderland middlesbrough stoke derby portsmouth blackburn bolton wigan birmingham coventry
millwall preston reading swansea cardiff celtic rangers hibernian aberdeen hearts madrid barcelona
atletico sevilla betis valencia villarreal sociedad bilbao osasuna celta girona getafe mallorca espanyol
juventus milan inter napoli roma lazio atalanta fiorentina torino bologna sampdoria genoa udinese parma
paris germain marseille lyon monaco lille rennes nice lens nantes ajax psv feyenoord twente utrecht
benfica porto braga anderlecht brugge genk zenit spartak dynamo shakhtar galatasaray fenerbahce besiktas
trabzonspor olympiacos panathinaikos rosenborg malmo kobenhavn copenhagen brondby basel zurich rapid
salzburg austria boca river plate flamengo santos corinthians palmeiras gremio
"""


def test_no_surname_is_that_of_a_well_known_player() -> None:
    assert not {name.lower() for name in names.SURNAMES} & set(REAL_SURNAMES.split())


def test_no_club_bears_a_word_of_a_well_known_club() -> None:
    words = {word.lower() for club in names.CLUBS for word in club.split()}
    assert not words & set(REAL_CLUB_WORDS.split())


def test_no_real_name_hides_in_an_invented_one() -> None:
    invented = [name.lower() for name in (*names.SURNAMES, *names.CLUBS)]
    long_ones = [real for real in {*REAL_SURNAMES.split(), *REAL_CLUB_WORDS.split()} if len(real) >= 7]
    assert not [(name, real) for name in invented for real in long_ones if real in name]


def test_every_name_is_there_once() -> None:
    assert len(set(names.SURNAMES)) == len(names.SURNAMES) == 1120
    assert len(set(names.CLUBS)) == 18
    assert len(set(names.FIRST_NAMES)) == len(names.FIRST_NAMES)
