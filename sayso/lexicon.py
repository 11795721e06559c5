"""Word lists behind the kinds of sources: heads of noun phrases, titles, names of states."""

from __future__ import annotations

__all__ = [
    "ABBREVIATIONS",
    "COMPANIES",
    "DEMONYMS",
    "DOCUMENT_HEADS",
    "FEMALE",
    "GOVERNMENT_HEADS",
    "GROUP_HEADS",
    "INTERNATIONAL",
    "MALE",
    "NAME_PARTICLES",
    "NEVER_NAMES",
    "OFFICES",
    "ORGANISATION_HEADS",
    "OUTLETS",
    "OUTLET_HEADS",
    "PLACES",
    "PLURAL_PRONOUNS",
    "PORTFOLIOS",
    "REFLEXIVES",
    "REGNAL",
    "SINGULAR_PRONOUNS",
    "SPEAKER_PRONOUNS",
    "STATES",
    "SURNAMES_TOO",
    "THINGS",
    "THING_PRONOUNS",
    "TITLES",
    "UNNAMED_HEADS",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SINGULAR_PRONOUNS = _words("he she him her his hers himself herself who whose whom")
REFLEXIVES = _words("himself herself itself themselves itself")
SPEAKER_PRONOUNS = _words("i my me mine myself we us our ours ourselves")
PLURAL_PRONOUNS = _words("they them their theirs themselves both others")
THING_PRONOUNS = _words("it its itself that this which")

TITLES = _words(
    """mr mrs ms miss dr prof sir lord lady dame sen sens rep reps gov gen col maj capt lt sgt
    cmdr adm rev fr hon president vice-president vicepresident chancellor premier minister
    secretary undersecretary deputy assistant senator representative congressman congresswoman
    governor mayor ambassador envoy spokesman spokeswoman spokesperson chairman chairwoman
    chair chief general colonel major captain lieutenant sergeant commander admiral judge
    justice attorney prosecutor lawyer professor director coach manager king queen prince
    princess emperor pope bishop archbishop cardinal imam rabbi sheikh ayatollah candidate
    nominee leader adviser advisor aide analyst expert economist editor reporter journalist
    correspondent author activist executive ceo founder owner doctor surgeon nurse scientist
    researcher commissioner counsel inspector detective officer official speaker strategist
    pollster historian former then-president then-candidate ex-president mp mep host anchor
    columnist striker midfielder goalkeeper defender forward brother sister husband wife son
    daughter father mother pathologist writer interviewer lawmaker pharmacist photographer
    pastor priest monk cleric rapper singer actor actress comedian pm czar tsar incumbent boss
    co-founder cofounder whistleblower informant trader lobbyist businessman businesswoman
    banker billionaire treasurer sheriff counselor counsellor agent co-host democrat
    republican superintendent principal dean teacher farmer resident witness victim plaintiff
    defendant diplomat negotiator mediator monarch dictator head"""
)

OFFICES = TITLES & _words(
    """sen sens rep reps gov gen col adm president vice-president vicepresident chancellor premier
    minister secretary senator representative congressman congresswoman governor mayor ambassador
    general admiral judge justice pm pope bishop archbishop cardinal ayatollah sheriff"""
)
"""Titles of offices that few hold, which attest whose bare surname follows them."""

NAME_PARTICLES = _words("al el bin ibn van von der den de da di du la le dos y ben ter")

GOVERNMENT_HEADS = _words(
    """government ministry department administration house kremlin pentagon treasury feds court
    courts police army military navy force forces agency commission council parliament senate
    congress cabinet embassy consulate office bureau state states city county committee
    authority authorities service services intelligence fbi cia nsa irs epa dhs doj eu un nato
    union nations troops coalition legislature assembly presidency junta regime republic
    kingdom federation district circuit prosecutors justice fed reserve municipality
    directorate registry centre-government capital downing customs interior guard regulator
    archive crown coastguard"""
)

OUTLET_HEADS = _words(
    """newspaper paper times post journal herald tribune gazette news agency magazine tv
    television radio broadcaster channel network outlet outlets media press daily weekly
    website blog show telegraph guardian observer chronicle bulletin dispatch mail star sun
    globe monitor review wire podcast program programme"""
)

OUTLETS = _words(
    """reuters bbc cnn nbc abc cbs npr pbs msnbc fox ap afp axios politico bloomberg breitbart
    xinhua tass interfax ria yonhap kyodo anadolu kcna irna isna dpa efe ansa wsj nyt c-span
    buzzfeed huffpost vox slate salon newsweek forbes tmz agence france-presse al-jazeera
    jazeera cnbc usa-today aljazeera ynet haaretz spiegel monde figaro pais repubblica"""
)

DOCUMENT_HEADS = _words(
    """report reports letter letters statement statements memo memos memorandum indictment
    lawsuit complaint suit study studies survey surveys poll polls email emails e-mail e-mails
    document documents filing filings transcript transcripts article book affidavit resolution
    order ruling bill law act motion release figures data analysis findings documentation
    testimony record records tweet tweets post posts video poster dossier audit review opinion
    brief declaration charge charges contract note agenda accord accords pact agreement treaty
    requests indictments investigations headline label constitution pages passage explanation
    mythology scripture press-release communique text forecast leaflet message messages
    photographs photos pictures footage minutes recorder papers files notice warrant paper
    assessment census bulletin editorial column code judgment judgement verdict"""
)

GROUP_HEADS = _words(
    """democrats republicans conservatives liberals lawmakers senators congressmen lawyers
    attorneys protesters protestors demonstrators activists rebels militants insurgents
    taliban isis hamas hezbollah houthis party parties campaign team family families relatives
    supporters opponents voters americans russians ukrainians greeks turks kurds israelis
    palestinians iranians britons leaders members ministers advisers aides workers students
    teachers residents scientists researchers economists doctors investors companies countries
    nations allies leadership opposition movement group groups union unions board jury
    delegation faction bloc lobby players fans parents farmers unionists separatists loyalists
    everyone everybody evangelicals muslims christians jews europeans governors mayors gop
    evangelists tories labour greens advocates challengers critics al-shabab al-qaeda isil boko
    hardliners"""
)

ORGANISATION_HEADS = _words(
    """company corporation corp inc ltd llc plc firm bank university college institute
    foundation association federation society organisation organization charity club ngo think
    tank center centre museum hospital church airline airlines group holdings industries
    laboratories labs international watch amnesty league fund trust coalition alliance school
    academy clinic manufacturer operator retailer contractor insurer maker confederation panel
    body"""
)

UNNAMED_HEADS = _words(
    """individuals traders agents fact-checkers factcheckers official officials source sources
    spokesman spokeswoman spokesperson spokespeople someone somebody people person man woman
    men women witness witnesses critic observers observer analysts analyst experts expert many
    some others anyone nobody few most insiders insider diplomat diplomats
    resident aide staffer staffers employee employees reporters reporter journalist
    journalists judge doctor officer soldier neighbour neighbor neighbors neighbours user
    users author commentators pundits reviewers rumours rumors reader readers audience crowd
    several those lawyer teacher nurse driver student one passengers passenger survivor
    survivors customer customers veteran veterans skeptics sceptics detractors adviser
    prosecutor investigators investigator detectives"""
)

STATES = frozenset(
    """afghanistan albania algeria angola argentina armenia australia austria azerbaijan
    bahrain bangladesh belarus belgium bolivia bosnia brazil britain bulgaria cambodia
    cameroon canada chad chile china colombia congo croatia cuba cyprus czechia denmark
    ecuador egypt england eritrea estonia ethiopia finland france georgia germany ghana greece
    guatemala haiti honduras hungary iceland india indonesia iran iraq ireland israel italy
    jamaica japan jordan kazakhstan kenya kosovo kuwait kyrgyzstan laos latvia lebanon libya
    lithuania luxembourg malaysia mali malta mexico moldova mongolia montenegro morocco
    mozambique myanmar namibia nepal netherlands nicaragua niger nigeria norway oman pakistan
    panama paraguay peru philippines poland portugal qatar romania russia rwanda scotland
    senegal serbia singapore slovakia slovenia somalia spain sudan sweden switzerland syria
    taiwan tajikistan tanzania thailand tunisia turkey turkmenistan uganda ukraine uruguay
    uzbekistan venezuela vietnam wales yemen zambia zimbabwe u.s. us usa u.k. uk eu e.u. un
    u.n. washington moscow beijing london paris berlin tehran kyiv kiev ankara jerusalem
    pyongyang seoul tokyo delhi islamabad damascus baghdad riyadh cairo brussels rome madrid
    athens warsaw havana caracas kabul""".split()
)
"""States, a few unions of them, and the capitals that stand for them in news."""

DEMONYMS = _words(
    """american british english scottish welsh irish french german italian spanish portuguese
    dutch belgian swiss austrian swedish norwegian danish finnish icelandic polish czech
    slovak hungarian romanian bulgarian serbian croatian bosnian albanian greek turkish
    cypriot ukrainian russian belarusian estonian latvian lithuanian moldovan georgian
    armenian azerbaijani kazakh uzbek chinese japanese korean vietnamese thai cambodian
    burmese malaysian indonesian singaporean filipino philippine indian pakistani bangladeshi
    nepali nepalese afghan iranian iraqi syrian lebanese jordanian israeli palestinian
    egyptian libyan tunisian algerian moroccan sudanese ethiopian eritrean somali kenyan
    ugandan rwandan tanzanian nigerian ghanaian senegalese malian congolese zimbabwean zambian
    angolan canadian mexican cuban haitian jamaican colombian venezuelan brazilian argentine
    argentinian chilean peruvian bolivian ecuadorian australian saudi arabian emirati qatari
    kuwaiti bahraini omani yemeni european african asian arab kurdish jewish muslim islamic
    catholic soviet taiwanese mongolian catalan chechen maltese latin us uk eu u.s u.k"""
)
"""Adjectives of peoples; alone they stand for a government (`the Russian position`)."""

PLACES = _words(
    """alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii
    idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts
    michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon
    pennsylvania tennessee texas utah vermont wisconsin wyoming dakota carolina hampshire
    jersey arabia korea kingdom emirates zealand africa europe asia america riyadh canberra
    ottawa dublin lisbon vienna budapest bucharest sofia belgrade minsk baku tbilisi yerevan
    beirut amman doha dhabi dubai nairobi lagos abuja tripoli tunis rabat hanoi manila jakarta
    bangkok dhaka colombo kathmandu taipei bogota brasilia santiago lima ukraine crimea gaza
    benghazi helsinki oslo stockholm copenhagen york angeles francisco chicago boston houston"""
)
"""States of the United States, other regions and cities, by the word that tells them."""

INTERNATIONAL = _words(
    "nato un u.n who unicef unesco imf opec iaea wto interpol osce g7 g20 icc unhcr oecd asean"
)
"""Bodies of several states, which count as organisations."""

COMPANIES = _words(
    """facebook google twitter amazon apple microsoft huawei meta netflix uber airbnb tesla
    boeing airbus intel ibm samsung sony nokia ericsson toyota volkswagen bmw ford gazprom
    rosneft aramco exxon chevron shell bp walmart pfizer moderna astrazeneca novartis tiktok
    youtube instagram whatsapp snapchat reddit linkedin wikileaks greenpeace oxfam"""
)

REGNAL = _words("king queen prince princess pope emperor emir sultan sheikh saint")
"""Titles that stay with a single name: `King Salim`."""

ABBREVIATIONS = _words(
    """mr mrs ms dr sen sens rep reps gov gen col maj capt lt sgt cmdr adm rev fr hon prof st
    jr sr messrs no inc ltd corp co jan feb mar apr jun jul aug sep sept oct nov dec dept""",
)
"""Words whose full stop ends no sentence."""

NEVER_NAMES = _words(
    """but and all when in the a an as if so yet for on at by with after before while though
    although since because now then still also even meanwhile however here there this that
    these those his her its their my our your you we i he she it they both many some most
    other others another no not what who how why where which whose every each several few one
    two three four five six seven eight nine ten first second third last next late early
    monday tuesday wednesday thursday friday saturday sunday january february march april june
    july august september october november december today yesterday tomorrow new old great
    more less later earlier instead again perhaps maybe yes well of or nor justices judges
    presidents ministers agents messrs from to into over under about against between during
    without within until unless than just only former senior top islamic democrat republican
    gop federal national international royal supreme democratic conservative liberal internet
    image photo video read advertisement caption copyright north south east west central
    northern southern eastern western high special joint general pro anti capitol hill tower
    towers street avenue square airport island islands river lake mount bay beach valley
    palace hall party act war day night week month year christmas easter bible god lord jesus
    congress"""
)
"""Capitalised words that begin or break a run of name words."""

SURNAMES_TOO = _words(
    """king dean major pope price judge bishop prince lord west east may day hall hill lake
    north bay marshal chase farmer doctor star bill mark page law post guard bush gates cook
    rice wood fields church young grant chair head guardian sergeant justice abbot abbott"""
)
"""Titles and things that are surnames after a first name."""

FEMALE = _words(
    """mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy
    betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah
    stephanie rebecca laura helen sharon cynthia kathleen amy angela anna ruth brenda pamela
    nicole katherine catherine christine samantha debra janet rachel carolyn emma maria
    heather diane julie joyce victoria kelly christina joan evelyn judith megan andrea cheryl
    hannah martha jacqueline frances gloria ann anne teresa theresa kathryn sara janice jean
    alice judy julia grace denise amber marilyn danielle beverly charlotte natalie diana
    brittany kayla sophia hillary ivanka melania nikki kellyanne marie claire susanna olga
    natalia irina elena svetlana fatima aisha leila yasmin ursula heidi ingrid mette sanna
    jacinda benazir indira marine lucy kate jane"""
)

MALE = _words(
    """james robert john michael david william richard joseph thomas charles christopher
    daniel matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george
    timothy ronald edward jason jeffrey jeff ryan jacob gary nicholas eric jonathan stephen
    larry justin scott brandon benjamin samuel gregory alexander frank patrick raymond jack
    dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan
    jeremy walter christian keith roger terry austin sean gerald carl harold dylan arthur
    lawrence jordan jesse bryan billy bruce gabriel joe logan alan juan albert willie elijah
    wayne randy vincent mason roy ralph bobby russell bradley philip eugene vladimir sergei
    sergey dmitry barack mike jim tom bob bill ben dan rick chuck rex mohammed muhammad ahmed
    ali hassan hussein ibrahim abdullah omar khalid boris nigel tony gordon emmanuel francois
    xi narendra imran recep bashar"""
)

PORTFOLIOS = _words(
    """defense defence foreign finance health education trade energy commerce homeland
    security affairs housing transport transportation agriculture environment culture
    immigration economy economic development planning oversight appropriations armed human
    rights veterans budget mission staff reform intelligence"""
)
"""What ministries and committees are for."""

THINGS = (
    PORTFOLIOS
    | GOVERNMENT_HEADS
    | ORGANISATION_HEADS
    | OUTLET_HEADS
    | OUTLETS
    | GROUP_HEADS
    | DOCUMENT_HEADS
    | DEMONYMS
    | STATES
    | INTERNATIONAL
    | COMPANIES
    | (PLACES - {"carolina", "jersey", "sofia", "lima", "santiago", "houston", "york"})
) - {"bill", "mark", "jordan", "chad", "georgia", "paris", "madrid", "christian"}
"""Words that name no person, unless they are a surname after a first name."""
