"""Everything that follows from the doors: models, OpenAPI, AsyncAPI."""

from comments import comments
from files import Changes
from gateway.doors import doors
from models import write_models
from openapi import write_openapi
from shapes import Messages
from words import Words


def write_rest(changes: Changes) -> None:
    found = doors()
    messages = Messages.of(found)
    told = comments()
    write_models(changes, found, messages, told)
    write_openapi(changes, found, messages, told, Words.read())
