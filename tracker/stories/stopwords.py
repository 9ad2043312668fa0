"""Stop words: words that do not help to identify a story."""

from __future__ import annotations

_ENGLISH = """
a an the and or but nor of to in on at by for from with without into onto over under after before as is are was were
be been being am do does did done has have had having it its this that these those he she they we you i his her their
our your my me him them us who what when where why how which whose will would can could may might must shall should
not no up down out off than then so if about more most less new now says say said saying tells told via amid just also
only still here there get gets got make makes made report reports reported update updates live video watch photos
breaking news th st nd rd u s today yesterday week year month all any some one first last next vs per
"""
_FRENCH = """
le la les l un une des du de d et ou mais donc ni que qui quoi dont où à au aux en dans sur sous pour par avec sans ce
cet cette ces se sa son ses leur leurs il elle ils elles on nous vous je tu ne pas plus est sont était a ont été être
avoir fait selon après avant chez entre comme si y c s n j qu m t
"""
_GERMAN = """
der die das den dem des ein eine einen einem einer und oder aber von zu zum zur im am an auf für mit ohne nach vor bei
aus über unter ist sind war waren wird werden hat haben sich nicht auch als wie er sie es wir ihr
"""
_ROMANCE_AND_POLISH = """
el los las uno del y o con sin su sus al lo il gli i di da che non per una em os as um uma do no na e w z po się nie
to jest za od już ale jak
"""

STOP_WORDS = frozenset(f"{_ENGLISH} {_FRENCH} {_GERMAN} {_ROMANCE_AND_POLISH}".split())
"""Function words of seven languages, and words that occur in any headline."""
