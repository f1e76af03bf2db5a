"""What an office says in its guides: names and lists gathered once for each page.

Where the pages lie is the web's business; whoever shows a guide completes these facts with
addresses (``with_places``).
"""

from dataclasses import replace
from datetime import datetime

from siegel.flows import help_links
from siegel.store.queries import organisation
from siegel.wording.guides.facts import FurtherLink, GuideFacts
from siegel.wording.help_links import HelpList
from siegel.wording.words import Language


def gathered(language: Language, at: datetime) -> GuideFacts:
    del at
    issuers = tuple(
        FurtherLink(title=one.titles[language], url=one.url, note=one.notes[language])
        for one in help_links.listed(HelpList.CA).links
    )
    return GuideFacts(office=organisation.get().name, site="", issuers=issuers)


def with_places(facts: GuideFacts, *, site: str, own_key: str, robot_page: str) -> GuideFacts:
    return replace(facts, site=site, own_key=own_key, robot_page=robot_page)
