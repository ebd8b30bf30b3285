"""Everything that follows from the protos alone: models, OpenAPI, AsyncAPI."""

from asyncapi import write_asyncapi
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
    write_asyncapi(changes, told)
