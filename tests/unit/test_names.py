"""The part of a legal name that people know."""

from hypothesis import given
from hypothesis import strategies as st

from xgoals.domain.known_names import KNOWN_AS
from xgoals.domain.names import FITS_CHARS, common_name, short_name, surname

LEGAL_NAMES = {
    # known by another name than the legal one says
    "Francesc Fàbregas i Soler": ("Cesc Fàbregas", "Cesc Fàbregas", "Fàbregas"),
    "Marcos Aoás Corrêa": ("Marquinhos", "Marquinhos", "Marquinhos"),
    "Fábio Henrique Tavares": ("Fabinho", "Fabinho", "Fabinho"),
    "Jorge Resurrección Merodio": ("Koke", "Koke", "Koke"),
    "Neymar da Silva Santos Junior": ("Neymar", "Neymar", "Neymar"),
    "Cristiano Ronaldo dos Santos Aveiro": ("Cristiano Ronaldo", "Cristiano Ronaldo", "Ronaldo"),
    # Spanish: the first surname, however many given names there are
    "Alexis Alejandro Sánchez Sánchez": ("Alexis Sánchez", "Alexis Sánchez", "Sánchez"),
    "Sergio Leonel Agüero del Castillo": ("Sergio Agüero", "Sergio Agüero", "Agüero"),
    "Lionel Andrés Messi Cuccittini": ("Lionel Messi", "Lionel Messi", "Messi"),
    "Luis Alberto Suárez Díaz": ("Luis Suárez", "Luis Suárez", "Suárez"),
    "Gerard Moreno Balaguero": ("Gerard Moreno", "Gerard Moreno", "Moreno"),
    "Gerard Piqué Bernabéu": ("Gerard Piqué", "Gerard Piqué", "Piqué"),
    "Ángel Fabián Di María Hernández": ("Ángel Di María", "Ángel Di María", "Di María"),
    "Piero Martín Hincapié Reyna": ("Piero Hincapié", "Piero Hincapié", "Hincapié"),
    "Éver Maximiliano David Banega": ("Éver Banega", "Éver Banega", "Banega"),
    "Juan Manuel Mata García": ("Juan Manuel Mata", "Juan Manuel Mata", "Mata"),
    "Vicente Iborra De La Fuente": ("Vicente Iborra", "Vicente Iborra", "Iborra"),
    "Jefferson Antonio Montero Vite": ("Jefferson Montero", "Jefferson Montero", "Montero"),
    "Markel Susaeta Laskurain": ("Markel Susaeta", "Markel Susaeta", "Susaeta"),
    "Saúl Ñíguez Esclapez": ("Saúl Ñíguez", "Saúl Ñíguez", "Ñíguez"),
    "César Azpilicueta Tanco": ("César Azpilicueta", "César Azpilicueta", "Azpilicueta"),
    "Francisco José Molinero Calderón": ("Francisco Molinero", "F. Molinero", "Molinero"),
    # Portuguese
    "Lucas Rodrigues Moura da Silva": ("Lucas Moura", "Lucas Moura", "Moura"),
    "Rafael Pereira da Silva": ("Rafael Pereira", "Rafael Pereira", "Pereira"),
    "Sidnei Rechel da Silva Júnior": ("Sidnei Rechel", "Sidnei Rechel", "Rechel"),
    # elsewhere the surname comes last
    "Gareth Frank Bale": ("Gareth Bale", "Gareth Bale", "Bale"),
    "Victor Okoh Boniface": ("Victor Boniface", "Victor Boniface", "Boniface"),
    "Victor James Osimhen": ("Victor Osimhen", "Victor Osimhen", "Osimhen"),
    "Daniel Andre Sturridge": ("Daniel Sturridge", "Daniel Sturridge", "Sturridge"),
    "Gylfi Þór Sigurðsson": ("Gylfi Sigurðsson", "Gylfi Sigurðsson", "Sigurðsson"),
    "Siem Stefan de Jong": ("Siem de Jong", "Siem de Jong", "de Jong"),
    # short already
    "Granit Xhaka": ("Granit Xhaka", "Granit Xhaka", "Xhaka"),
    "Kevin De Bruyne": ("Kevin De Bruyne", "Kevin De Bruyne", "De Bruyne"),
    "Rodrigo De Paul": ("Rodrigo De Paul", "Rodrigo De Paul", "De Paul"),
    "Giorgi Mamardashvili": ("Giorgi Mamardashvili", "G. Mamardashvili", "Mamardashvili"),
    "Trent Alexander-Arnold": ("Trent Alexander-Arnold", "T. Alexander-Arn…", "Alexander-Arnold"),
    "Álex Grimaldo": ("Álex Grimaldo", "Álex Grimaldo", "Grimaldo"),
    "Isco": ("Isco", "Isco", "Isco"),
    "": ("", "", ""),
}  # fmt: skip


def test_a_legal_name_becomes_the_known_one() -> None:
    found = {name: (common_name(name), short_name(name), surname(name)) for name in LEGAL_NAMES}
    assert found == LEGAL_NAMES


def test_nobody_is_called_by_his_mothers_name() -> None:
    for name in ("Rubén Castro Martín", "Lucas Pérez Martínez", "Aritz Aduriz Zubeldia", "Iago Aspas Juncal"):
        assert name.split()[-1] not in f"{common_name(name)} {short_name(name)} {surname(name)}"


def test_a_known_name_stays_as_it_is() -> None:
    known = [common_name(name) for name in (*LEGAL_NAMES, *KNOWN_AS, *KNOWN_AS.values())]
    assert [common_name(name) for name in known] == known


@given(st.text(max_size=40))
def test_any_text_has_a_name_that_fits(text: str) -> None:
    assert len(short_name(text)) <= FITS_CHARS
    assert bool(common_name(text)) == bool(text.split())
