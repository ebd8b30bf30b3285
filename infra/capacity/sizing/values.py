"""The sizes of `charts/platform/values-production.yaml`: a region of that file which this program writes and nobody else."""

from pathlib import Path

from sizing.figures import ROOT, Capacity, Plan

VALUES = ROOT / "charts" / "platform" / "values-production.yaml"
BEGIN = "# -- sizes: from here to the end of the region made by `python infra/capacity`"
END = "# -- end of the sizes"


def region(capacity: Capacity) -> str:
    measured = capacity.measured
    lines = [
        BEGIN,
        f"# Costs measured on {measured['measured_on']} at {measured['commit'][:12]}, times the load in infra/capacity/load.yaml:",
        "# docs/capacity.md says how.",
        "# Autoscaling starts from the replicas of one province and ends at those of ten; it is on if global.autoscaling is.",
    ]
    most = {plan.name: plan.replicas for plan in Capacity(10, measured, capacity.load).plans}
    for service in capacity.services:
        lines += [f"{service}:", "  roles:"]
        lines += [_line(plan, most[plan.name]) for plan in capacity.plans if plan.service == service]
    return "\n".join([*lines, END]) + "\n"


def _line(plan: Plan, most: int) -> str:
    scaled = f"autoscaling: {{min: {plan.replicas}, max: {max(most, plan.replicas * 2)}}}, " if plan.role == "serve" else ""
    requests = f"requests: {{cpu: {plan.cpu}m, memory: {plan.memory}Mi}}"
    limits = f'limits: {{cpu: "{plan.cpu_limit}", memory: {plan.memory_limit}Mi}}'
    pool = f', env: {{DATABASE_POOL: "{plan.pool}"}}' if plan.pool else ""
    return f"    {plan.role}: {{replicas: {plan.replicas}, {scaled}resources: {{{requests}, {limits}}}{pool}}}"


def with_region(text: str, made: str) -> str:
    """The file with its region put in, at the end if it has none."""
    before, begun, rest = text.partition(BEGIN)
    if not begun:
        return text.rstrip("\n") + "\n\n" + made
    _, ended, after = rest.partition(END + "\n")
    if not ended:
        raise SystemExit(f"{VALUES}: the region of sizes has no end")
    return before + made + after


def write(capacity: Capacity, path: Path = VALUES) -> tuple[Path, str]:
    return path, with_region(path.read_text("utf-8"), region(capacity))
