"""From GB/T 4754-2017 to the supervision classes of enforcement statistics.

The mapping is a proposal by divisions (verified: no); the catalogue of words carries the Chinese names.
"""

_BY_DIVISION = {
    "06": "COAL_MINE",
    "08": "METAL_NON_METAL_MINE",
    "09": "METAL_NON_METAL_MINE",
    "10": "METAL_NON_METAL_MINE",
    "25": "CHEMICAL",
    "26": "CHEMICAL",
    "13": "LIGHT_INDUSTRY",
    "14": "LIGHT_INDUSTRY",
    "15": "LIGHT_INDUSTRY",
    "16": "TOBACCO",
    "17": "TEXTILE",
    "18": "TEXTILE",
    "19": "LIGHT_INDUSTRY",
    "20": "LIGHT_INDUSTRY",
    "21": "LIGHT_INDUSTRY",
    "22": "LIGHT_INDUSTRY",
    "23": "LIGHT_INDUSTRY",
    "24": "LIGHT_INDUSTRY",
    "28": "TEXTILE",
    "30": "BUILDING_MATERIALS",
    "31": "METALLURGY",
    "32": "NON_FERROUS",
    "33": "MACHINERY",
    "34": "MACHINERY",
    "35": "MACHINERY",
    "36": "MACHINERY",
    "37": "MACHINERY",
    "38": "MACHINERY",
    "39": "MACHINERY",
    "40": "MACHINERY",
    "51": "COMMERCE",
    "52": "COMMERCE",
    "59": "COMMERCE",
    "61": "COMMERCE",
    "62": "COMMERCE",
}
_FIREWORKS = "2672"


def supervision_class(industry_code: str) -> str:
    """The class of an industry code such as C3412; OTHER where no class is known."""
    digits = "".join(letter for letter in industry_code if letter.isdigit())
    if digits == _FIREWORKS:
        return "FIREWORKS"
    return _BY_DIVISION.get(digits[:2], "OTHER")
