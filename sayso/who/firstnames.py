"""English first names and their short forms."""

from __future__ import annotations

__all__ = ["short_for"]

_FORMS = """
abraham abe; albert al bert; alexander alex sandy; alexandra alex sandra; alfred al fred alf;
andrew andy drew; anthony tony; antonio tony; arthur art; barbara barb barbie;
benjamin ben benny; bernard bernie; bernadette bernie; bradley brad; calvin cal;
catherine cathy kate cat; charles charlie chuck chas; chester chet; christine chris chrissy;
christina chris tina; christopher chris topher kit; clifford cliff; clinton clint;
cynthia cindy; daniel dan danny; david dave davey; deborah deb debbie; debra deb debbie;
dennis denny; donald don donnie; dorothy dot dottie; douglas doug; edmund ed eddie;
edward ed eddie ted teddy ned; edwin ed eddie; elizabeth liz beth betsy betty eliza lizzie;
eugene gene; ezekiel zeke; francis frank; franklin frank; frederick fred freddie rick;
gabriel gabe; geoffrey geoff; gerald gerry jerry; gerard gerry; gilbert gil; gregory greg;
gustave gus; harold hal harry; henry hank harry; herbert herb; hubert bert; isaac ike;
jacob jake; jacqueline jackie; james jim jimmy jamie; jeffrey jeff;
jennifer jen jenny; jeremiah jerry; jeremy jerry; jerome jerry; jessica jess jessie;
joanna jo; john johnny; jonathan jon jonny john; joseph joe joey; joshua josh;
judith judy; julian jules; katherine kathy kate katie kathie kay; kathleen kathy katie;
kathryn kathy kate katie; kenneth ken kenny; kimberly kim; lawrence larry laurie;
leonard leo len lenny; leonardo leo; leslie les; lillian lilly lil; louis lou louie;
lucille lucy; malcolm mal; margaret maggie meg peggy margie; martin marty; matthew matt;
maurice maury; melvin mel; michael mike mick mickey micky; michelle shelly; mitchell mitch;
nathan nate nat; nathaniel nate nat nathan; nancy nan; nicholas nick nicky; norman norm;
oliver ollie; oscar ozzie; pamela pam; patricia pat patty tricia trish; patrick pat paddy;
peter pete; philip phil; phillip phil; phyllis phyl; randall randy; randolph randy;
raymond ray; rebecca becky becca; reginald reg reggie; reuben rube;
richard dick rick rich ricky richie; robert bob rob bobby robbie bert; roderick rod;
rodney rod; roger rog; roland rollie; ronald ron ronnie; rosemary rose rosie; rudolph rudy;
russell russ; samantha sam; samuel sam sammy; sandra sandy; sheldon shelly; sidney sid;
solomon sol; stanley stan; stephanie steph; stephen steve; steven steve; stuart stu;
susan sue susie; suzanne sue suzie; sylvester sly; terence terry; terrence terry;
theodore ted teddy theo; theresa terry tess; thomas tom tommy; timothy tim timmy; tobias toby;
valerie val; victor vic; victoria vicky tori; vincent vince vinny; virginia ginny;
walter walt wally; warren wren; wendell wendy; wilfred will fred; william bill will billy;
zachary zach zack zac
"""
"""Full forms, each with its short ones."""

_SHORT = {words[0]: frozenset(words[1:]) for line in _FORMS.split(";") if (words := line.split())}


def short_for(a: str, b: str) -> bool:
    """Whether one of two first names, in plain words, is a short form of the other."""
    return b in _SHORT.get(a, ()) or a in _SHORT.get(b, ())
