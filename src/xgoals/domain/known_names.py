"""Tables for `xgoals.domain.names`: whom people know by another name than the legal one says, and words of names."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KNOWN_AS = {
    "Abdul Majeed Waris": "Majeed Waris",
    "Achraf Hakimi Mouh": "Achraf Hakimi",
    "Aderllan Leandro de Jesus Santos": "Aderllan Santos",
    "André Ayew Pelé": "André Ayew",
    "André Filipe Tavares Gomes": "André Gomes",
    "Àngel Rangel Zaragoza": "Àngel Rangel",
    "Álvaro Borja Morata Martín": "Álvaro Morata",
    "Benjamin Moukandjo Bilé": "Benjamin Moukandjo",
    "Bernardo Mota Veiga de Carvalho e Silva": "Bernardo Silva",
    "Bojan Krkíc Pérez": "Bojan Krkić",
    "Borja González Tomás": "Borja Bastón",
    "Bruno Soriano Llido": "Bruno Soriano",
    "Carles Gil de Pareja Vicent": "Carles Gil",
    "Carlos Henrique Casimiro": "Casemiro",
    "Cédric Ricardo Alves Soares": "Cédric Soares",
    "Chancel Mbemba Mangulu": "Chancel Mbemba",
    "Charles Días Barbosa de Oliveira": "Charles",
    "Christian Atsu Twasam": "Christian Atsu",
    "Christian Benteke Liolo": "Christian Benteke",
    "Cristiano Ronaldo dos Santos Aveiro": "Cristiano Ronaldo",
    "Daniel Alves da Silva": "Dani Alves",
    "Daniel Carvajal Ramos": "Dani Carvajal",
    "Daniel Filipe Martins Carriço": "Daniel Carriço",
    "Daniel Nii Tackie Mensah Welbeck": "Danny Welbeck",
    "Daniel Olmo Carvajal": "Dani Olmo",
    "Daniel William John Ings": "Danny Ings",
    "Danilo Luiz da Silva": "Danilo",
    "Danny Vieira da Costa": "Danny da Costa",
    "David Josué Jiménez Silva": "David Silva",
    "David Luiz Moreira Marinho": "David Luiz",
    "David Zurutuza Veillet": "David Zurutuza",
    "Deyverson Brum Silva Acosta": "Deyverson",
    "Didier Yves Drogba Tébily": "Didier Drogba",
    "Diego Rigonato Rodrigues": "Diego",
    "Diego da Silva Costa": "Diego Costa",
    "Diogo José Teixeira da Silva": "Diogo Jota",
    "Enner Remberto Valencia Lastra": "Enner Valencia",
    "Éderzito António Macedo Lopes": "Éder",
    "Fábio Alexandre da Silva Coentrão": "Fábio Coentrão",
    "Fábio Henrique Tavares": "Fabinho",
    "Felipe Salvador Caicedo Corozo": "Felipe Caicedo",
    "Fernando Luiz Rosa": "Fernandinho",
    "Francesc Fàbregas i Soler": "Cesc Fàbregas",
    "Francisco Alcácer García": "Paco Alcácer",
    "Francisco Román Alarcón Suárez": "Isco",
    "Gabriel Armando de Abreu": "Gabriel Paulista",
    "Georges-Kévin Nkoudou Mbida": "Georges-Kévin Nkoudou",
    "Gilbert Gianelli Imbula Wanga": "Gianelli Imbula",
    "Gnaly Maxwell Cornet": "Maxwel Cornet",
    "Gnégnéri Yaya Touré": "Yaya Touré",
    "Hélder Wander Sousa Azevedo Costa": "Hélder Costa",
    "Hugo Mallo Novegil": "Hugo Mallo",
    "Hugo Miguel Almeida Costa Lopes": "Hugo Almeida",
    "Ivan Ricardo Neves Abreu Cavaleiro": "Ivan Cavaleiro",
    "Jerónimo Figueroa Cabrera": "Momo",
    "Joaquín Sánchez Rodríguez": "Joaquín",
    "João Filipe Iria Santos Moutinho": "João Moutinho",
    "João Pedro Cavaco Cancelo": "João Cancelo",
    "Joel Nathaniel Campbell Samuels": "Joel Campbell",
    "Jonathas Cristian de Jesus": "Jonathas",
    "Jorge Andújar Moreno": "Coke",
    "Jorge Luiz Frello Filho": "Jorginho",
    "Jorge Resurrección Merodio": "Koke",
    "José Ignacio Peleteiro Ramallo": "Jota",
    "José Miguel da Rocha Fonte": "José Fonte",
    "Juan Francisco Moreno Fuertes": "Juanfran",
    "Juan Francisco Torres Belén": "Juanfran",
    "Karl Brillant Toko Ekambi": "Karl Toko Ekambi",
    "Kléper Laveran Lima Ferreira": "Pepe",
    "Kylian Mbappé Lottin": "Kylian Mbappé",
    "Leonardo Carrilho Baptistão": "Léo Baptistão",
    "Lucas Rodrigues Moura da Silva": "Lucas Moura",
    "Luis Alberto Romero Alconchel": "Luis Alberto",
    "Luiz Felipe Ramos Marchi": "Luiz Felipe",
    "Mahmoud Ibrahim Hassan": "Trézéguet",
    "Malcom Filipe Silva de Oliveira": "Malcom",
    "Manuel Agudo Durán": "Nolito",
    "Manuel Obafemi Akanji": "Manuel Akanji",
    "Marcelo Vieira da Silva Júnior": "Marcelo",
    "Marco Asensio Willemsen": "Marco Asensio",
    "Marcos Aoás Corrêa": "Marquinhos",
    "Marcos Paulo Mesquita Lopes": "Rony Lopes",
    "Mario Gaspar Pérez Martínez": "Mario Gaspar",
    "Martin Braithwaite Christensen": "Martin Braithwaite",
    "Michy Batshuayi Tunga": "Michy Batshuayi",
    "Min Jae Kim": "Kim Min-jae",
    "Munir El Haddadi Mohamed": "Munir El Haddadi",
    "Nathan N'Goumou Minpole": "Nathan N'Goumou",
    "Neymar da Silva Santos Junior": "Neymar",
    "Nicolas Alexis Julio N'Koulou Ndoubena": "Nicolas N'Koulou",
    "Nicolás Ladislao Fedor Flores": "Miku",
    "Oscar dos Santos Emboaba Júnior": "Oscar",
    "Paul-Georges Ntep de Madiba": "Paul-Georges Ntep",
    "Pedro Eliezer Rodríguez Ledesma": "Pedro",
    "Pedro Filipe Teodósio Mendes": "Pedro Mendes",
    "Philippe Coutinho Correia": "Philippe Coutinho",
    "Radamel Falcao García Zárate": "Radamel Falcao",
    "Ramires Santos do Nascimento": "Ramires",
    "Raphaël Adelino José Guerreiro": "Raphaël Guerreiro",
    "Ricardo Alberto Silveira de Carvalho": "Ricardo Carvalho",
    "Ricardo Jorge Luz Horta": "Ricardo Horta",
    "Ricardo Miguel Moreira da Costa": "Ricardo Costa",
    "Rio Antonio Zoba Mavuba": "Rio Mavuba",
    "Robert Kenedy Nunes do Nascimento": "Kenedy",
    "Roberto Firmino Barbosa de Oliveira": "Roberto Firmino",
    "Rodrigo Hernández Cascante": "Rodri",
    "Roger Martí Salvador": "Roger Martí",
    "Romelu Lukaku Menama": "Romelu Lukaku",
    "Samuel Castillejo Azuaga": "Samu Castillejo",
    "Sergi Roberto Carnicer": "Sergi Roberto",
    "Sébastien Aymar Bassong Nguena": "Sébastien Bassong",
    "Steven N''Kemboanza Mike Christopher Nzonzi": "Steven Nzonzi",
    "Steven N'Kemboanza Mike Christopher Nzonzi": "Steven Nzonzi",
    "Théo Bongonda Mbul''Ofeko Batombo": "Théo Bongonda",
    "Théo Bongonda Mbul'Ofeko Batombo": "Théo Bongonda",
    "Thiago Emiliano da Silva": "Thiago Silva",
    "Thiago Xavier Rodrigues Corrêa": "Thiago Xavier",
    "Thievy Guivane Bifouma Koulossa": "Thievy Bifouma",
    "Tiago Cardoso Mendes": "Tiago",
    "Tiago Manuel Dias Correia": "Bebé",
    "Vágner Silva de Souza": "Vágner Love",
    "Vitorino Hilton da Silva": "Hilton",
    "Wanderson Maciel Sousa Campos": "Wanderson",
    "Willian Borges da Silva": "Willian",
    "Willian José da Silva": "Willian José",
    "Yannick Bolasie Yala": "Yannick Bolasie",
    "Yannick Ferreira Carrasco": "Yannick Carrasco",
}
"""Full name in the feeds -> the name on the shirt."""

GIVEN = _words(
    """
    Abel Adelino Adolfo Adrián Agustín Alberto Alejandro Alejo Alexandre Alexis Alfonso Alfredo Almir Anaitz
    Ander Anderson Andoni André Andrés Aníbal Antoine Antonio António Ariel Aritz Armando Arsenio Asier
    Augusto Aurélio Aymeric Ayoze Aythami Álvaro Ángel Baltasar Bautista Benjamín Beñat Bernardo Borja Brais
    Bruno Camilo Carles Carlos Celso Cédric César Christian Claudio Clemente Cristian Cristiano Cristóbal
    Damián Dani Daniel Danilo Darío David Denis Diego Domingo Douglas Edgar Edgardo Edinson Eduardo Egoitz
    Eliezer Emiliano Emilio Enrique Enzo Ernesto Esteban Eugenio Ezequiel Éver Fabián Fabio Fabricio Fábio
    Federico Felipe Fernando Ferran Félix Fidel Filipe Francesc Francisco Gabriel Gael Gaspar Gastón Geovanny
    Gerard Gerardo Germán Gilberto Giovani Gonzalo Gorka Gregorio Guido Guilherme Guillermo Gustavo Henrique
    Hernán Héctor Hélder Hugo Iago Ibai Ignacio Iker Imanol Iñaki Iñigo Isaac Isidoro Ismael Iván Íñigo
    Jacinto Jaime James Javier Jefferson Jerónimo Jesé Jesús Joan Joaquín João Joel Jonathan Jordi Jorge Josep
    José Josué Juan Julián Julio Kepa Kevin Ladislao Laureano Leandro Leonardo Leonel Lionel Lisandro Lorenzo
    Lucas Luciano Lucio Luis Luiz Manuel Marc Marcel Marcelo Marco Marcos Mariano Mario María Markel Martín
    Mateo Mateus Matheus Matías Mauricio Mauro Maximiliano Mário Miguel Mikel Moisés Munir Nahuel
    Néstor Nicolás Nuno Oier Oliver Omar Oriol Orlando Oswaldo Oussama Óliver Óscar Pablo Pau Paulo
    Pedro Piero Rafael Raimundo Ramiro Ramón Raphael Raúl Renato Ricardo Rigoberto Rober Roberto Rodolfo
    Rodrigo Rogelio Roger Rolando Román Roque Rubén Rui Sabin Salomón Salvador Samuel Santiago Saúl Sebastián
    Sergi Sergio Sérgio Simón Sofiane Teófilo Thiago Tiago Tomás Ulises Unai Valentin Valentín Vicente
    Vinícius Víctor Vítor Washington Wálter Willian Wilson Xabi Xabier Xavi Xavier Yuri
    """
)
"""Given names of Spain, Portugal and Latin America, as first or second one."""

AMBIGUOUS_GIVEN = _words(
    """
    Alexandre Anderson André Antoine Aymeric Bruno Cédric Christian Cristian Dani Daniel David Denis Douglas
    Edgar Enzo Fabio Gabriel Gael Hugo Isaac James Jefferson Joel Jonathan Kevin Leonardo Lorenzo Lucas
    Luciano Marc Marcel Marco Mario Mateo Maximiliano Oliver Omar Oussama Piero Raphael Roger Samuel Sofiane
    Valentin Wilson
    """
)
"""Those that people elsewhere bear, too: they alone do not make a name Spanish or Portuguese."""

COMMON_SURNAMES = _words(
    """
    Acosta Aguilar Almeida Alves Araújo Barbosa Barros Blanco Borges Bravo Cabrera Campos Cardoso Carvalho
    Castillo Castro Correa Correia Corrêa Costa Cruz Delgado Dias Días Díaz Fernandes Ferreira Flores García
    Garrido Gomes Guerrero Gutierres Herrera Iglesias Lima Lopes Luna Machado Marín Martins Medina Mendes
    Molina Monteiro Morales Moreira Moreno Navarro Neves Nunes Oliveira Ortega Ortiz Pereira Pinto Pires Ramos
    Reis Reyes Ribeiro Ríos Rocha Rodrigues Rojas Romero Rosales Rubio Ruiz Santana Santos Serrano Silva
    Soares Sosa Sousa Souza Tavares Teixeira Torres Vargas Vega Vidal Vieira Vila Zárate
    """
)
"""Surnames that make a name Spanish or Portuguese; most of the others end in -ez."""
