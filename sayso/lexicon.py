"""Word lists behind the kinds of sources: heads of noun phrases, titles, names of states."""

from __future__ import annotations

__all__ = [
    "DOCUMENT_HEADS",
    "GOVERNMENT_HEADS",
    "GROUP_HEADS",
    "NAME_PARTICLES",
    "ORGANISATION_HEADS",
    "OUTLETS",
    "OUTLET_HEADS",
    "PLURAL_PRONOUNS",
    "SINGULAR_PRONOUNS",
    "SPEAKER_PRONOUNS",
    "STATES",
    "THING_PRONOUNS",
    "TITLES",
    "UNNAMED_HEADS",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SINGULAR_PRONOUNS = _words("he she him her his hers himself herself who whose whom")
SPEAKER_PRONOUNS = _words("i my me mine myself we us our ours ourselves")
PLURAL_PRONOUNS = _words("they them their theirs themselves both others")
THING_PRONOUNS = _words("it its itself that this which")

TITLES = _words(
    """mr mrs ms miss dr prof sir lord lady dame sen sens rep reps gov gen col maj capt lt sgt cmdr
    adm rev fr hon president vice-president vicepresident chancellor premier minister secretary
    undersecretary deputy assistant senator representative congressman congresswoman governor
    mayor ambassador envoy spokesman spokeswoman spokesperson chairman chairwoman chair chief
    general colonel major captain lieutenant sergeant commander admiral judge justice attorney
    prosecutor lawyer professor director coach manager king queen prince princess emperor pope
    bishop archbishop cardinal imam rabbi sheikh ayatollah candidate nominee leader adviser advisor
    aide analyst expert economist editor reporter journalist correspondent author activist
    executive ceo founder owner doctor surgeon nurse scientist researcher commissioner counsel
    inspector detective officer official speaker strategist pollster historian former then-president
    then-candidate ex-president mp mep host anchor columnist striker midfielder goalkeeper captain
    defender forward treasurer sheriff superintendent principal dean teacher farmer resident
    witness victim plaintiff defendant diplomat negotiator mediator monarch dictator head"""
)

NAME_PARTICLES = _words("al el bin ibn van von der den de da di du la le dos y ben ter of")

GOVERNMENT_HEADS = _words(
    """government ministry department administration house kremlin pentagon treasury court courts
    police army military navy force forces agency commission council parliament senate congress
    cabinet embassy consulate office bureau state states city county court council committee
    authority authorities service services intelligence fbi cia nsa irs epa dhs doj eu un nato
    union nations troops coalition legislature assembly presidency junta regime republic kingdom
    federation district circuit prosecutors justice fed reserve municipality directorate registry
    centre-government capital downing customs interior guard
    regulator archive crown coastguard"""
)

OUTLET_HEADS = _words(
    """newspaper paper times post journal herald tribune gazette news agency magazine tv television
    radio broadcaster channel network outlet outlets media press daily weekly website blog show
    telegraph guardian observer chronicle bulletin dispatch mail star sun globe monitor review
    wire podcast program programme"""
)

OUTLETS = _words(
    """reuters bbc cnn nbc abc cbs npr pbs msnbc fox ap afp axios politico bloomberg breitbart
    xinhua tass interfax ria yonhap kyodo anadolu kcna irna isna dpa efe ansa wsj nyt c-span
    buzzfeed huffpost vox slate salon newsweek forbes tmz al-jazeera jazeera cnbc usa-today
    aljazeera ynet haaretz spiegel monde figaro pais repubblica"""
)

DOCUMENT_HEADS = _words(
    """report reports letter letters statement statements memo memos memorandum indictment lawsuit
    complaint suit study studies survey surveys poll polls email emails e-mail e-mails document
    documents filing filings transcript transcripts article book affidavit resolution order ruling
    bill law act motion release figures data analysis findings documentation testimony record
    records tweet tweets post video website poster dossier audit review opinion brief declaration
    communique text forecast leaflet message messages photographs photos pictures footage minutes
    recorder papers files notice warrant paper assessment census bulletin editorial column"""
)

GROUP_HEADS = _words(
    """democrats republicans conservatives liberals lawmakers senators congressmen lawyers attorneys
    protesters protestors demonstrators activists rebels militants insurgents taliban isis hamas
    hezbollah houthis party parties campaign team family families relatives supporters opponents
    voters americans russians ukrainians greeks turks kurds israelis palestinians iranians britons
    leaders members ministers advisers aides workers students teachers residents scientists
    researchers economists doctors investors companies countries nations allies leadership
    opposition movement group groups union unions board jury delegation faction bloc lobby players
    fans parents farmers unionists separatists loyalists evangelicals muslims christians jews
    europeans governors mayors gop evangelists tories labour greens"""
)

ORGANISATION_HEADS = _words(
    """company corporation corp inc ltd llc plc firm bank university college institute foundation
    association federation society organisation organization charity club ngo think tank center
    centre museum hospital church airline airlines group holdings industries laboratories labs
    international watch amnesty league fund trust coalition alliance school academy clinic
    manufacturer operator retailer contractor insurer maker confederation panel
    body"""
)

UNNAMED_HEADS = _words(
    """official officials source sources spokesman spokeswoman spokesperson spokespeople someone
    somebody people person man woman men women witness witnesses critics critic observers observer
    analysts analyst experts expert many some others everyone everybody anyone nobody few most
    insiders insider diplomat diplomats resident aide staffer staffers employee employees reporters
    reporter journalist journalists judge doctor officer soldier neighbour neighbor neighbors
    neighbours user users author commentators pundits reviewers rumours rumors reader readers
    audience crowd several those lawyer teacher nurse driver student one passengers passenger
    survivor survivors customer customers veteran veterans skeptics sceptics detractors adviser
    prosecutor investigators investigator detectives"""
)

STATES = frozenset(
    """afghanistan albania algeria angola argentina armenia australia austria azerbaijan
    bahrain bangladesh belarus belgium bolivia bosnia brazil britain bulgaria cambodia
    cameroon canada chad chile china colombia congo croatia cuba cyprus czechia denmark
    ecuador egypt england eritrea estonia ethiopia finland france georgia germany ghana
    greece guatemala haiti honduras hungary iceland india indonesia iran iraq ireland israel
    italy jamaica japan jordan kazakhstan kenya kosovo kuwait kyrgyzstan laos latvia lebanon
    libya lithuania luxembourg malaysia mali malta mexico moldova mongolia montenegro
    morocco mozambique myanmar namibia nepal netherlands nicaragua niger nigeria norway oman
    pakistan panama paraguay peru philippines poland portugal qatar romania russia rwanda
    scotland senegal serbia singapore slovakia slovenia somalia spain sudan sweden
    switzerland syria taiwan tajikistan tanzania thailand tunisia turkey turkmenistan uganda
    ukraine uruguay uzbekistan venezuela vietnam wales yemen zambia zimbabwe u.s. us usa
    u.k. uk eu e.u. un u.n. washington moscow beijing london paris berlin tehran kyiv kiev
    ankara jerusalem pyongyang seoul tokyo delhi islamabad damascus baghdad riyadh cairo
    brussels rome madrid athens warsaw havana caracas kabul""".split()
)
"""States, a few unions of them, and the capitals that stand for them in news."""
