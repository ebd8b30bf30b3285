"""How a coercive measure is worded in its documents."""

from inspections.domain.measure_terms import Kind, ObjectHandling

# Law: WSL 65(1)(4), 70; HCR 7(1)(4).
BASIS = {
    Kind.SEAL: "《中华人民共和国安全生产法》第六十五条第一款第四项",
    Kind.SEIZE: "《中华人民共和国安全生产法》第六十五条第一款第四项",
    Kind.POWER: "《中华人民共和国安全生产法》第七十条",
}
CHEMICALS = "《危险化学品安全管理条例》第七条第一款第四项"
AEL = "《中华人民共和国行政强制法》"
# What these forms rest on beside the basis of the measure itself. Law: AEL 25, 27, 28; WSL 70(2).
BASIS_OF_FORM = {
    "F10": f"{AEL}第二十五条",
    "F11": f"{AEL}第二十七条、第二十八条",
    "F14": "《中华人民共和国安全生产法》第七十条第二款",
    "X7L": f"{AEL}第二十八条",
}
ACTS = {Kind.SEAL: "查封", Kind.SEIZE: "扣押", Kind.POWER: "停止供电"}
EXPLOSIVES = "停止供应民用爆炸物品"
HANDLING = {
    ObjectHandling.RETURN: "解除查封扣押，予以退还",
    ObjectHandling.CONFISCATE: "依法予以没收",
    ObjectHandling.DESTROY: "依法予以销毁",
}


def basis_of(kind: Kind, *, hazardous: bool) -> str:
    return BASIS[kind] + (f"、{CHEMICALS}" if hazardous and kind is not Kind.POWER else "")
