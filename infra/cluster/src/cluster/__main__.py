"""`python -m cluster build | up | load | halt | resume | status | down`."""

import argparse
import os
import sys
import time
from pathlib import Path

from cluster import lifecycle, machine, parts
from cluster.faults import ClusterFault
from cluster.kubectl import Kubectl
from cluster.layout import Layout, layout
from cluster.node import Node


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m cluster", description="A real Kubernetes of one node on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="build the programs of the cluster, should they not be in the cache")
    commands.add_parser("up", help="raise the node; one that stands is left as it is")
    load = commands.add_parser("load", help="bring images to the node")
    load.add_argument("archives", nargs="+", type=Path, metavar="ARCHIVE")
    for name, help_ in (("halt", "keep a program of the node stopped"), ("resume", "start it again")):
        commands.add_parser(name, help=help_).add_argument("program")
    commands.add_parser("status", help="what runs, and how to reach it")
    commands.add_parser("down", help="end the node and give everything back")
    commands.add_parser("node").add_argument("lock", type=int)
    try:
        return run(parser.parse_args(), layout())
    except ClusterFault as fault:
        print(fault, file=sys.stderr)
        return 1


def run(given: argparse.Namespace, where: Layout) -> int:
    match given.command:
        case "build":
            parts.get()
        case "up":
            seconds = lifecycle.up(where)
            print(f"the node is ready after {seconds:.1f} s; KUBECONFIG={where.kubeconfig}")
        case "load":
            for archive in given.archives:
                begin = time.monotonic()
                names = lifecycle.load(where, [archive])
                print(f"{', '.join(names) or f'{archive.name} is there'}: {time.monotonic() - begin:.1f} s")
        case "halt":
            lifecycle.halt(where, given.program)
        case "resume":
            lifecycle.resume(where, given.program)
        case "status":
            return status(where)
        case "down":
            lifecycle.down(where)
        case "node":
            os.set_inheritable(given.lock, False)
            Node(where).run()
    return 0


def status(where: Layout) -> int:
    number = lifecycle.alive(where)
    if number is None:
        print(f"down; {machine.lacking() or 'everything that a cluster needs is here'}")
        return 1
    for name, megabytes in lifecycle.programs(where).items():
        print(f"{name:26} {megabytes:6.0f} MB")
    print(Kubectl(where)("get", "nodes,pods", "--all-namespaces", "--output", "wide"))
    print(f"KUBECONFIG={where.kubeconfig}")
    return 0


sys.exit(main())
