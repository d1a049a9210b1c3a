"""Small English word lists: lexical classes, and words too common to be telling."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LEXICAL_CLASSES: dict[str, tuple[str, ...]] = {
    "first_person_pronouns": _words(
        "i me my mine myself we us our ours ourselves i'm i've i'd i'll we're we've we'd "
        "we'll"
    ),
    "second_person_pronouns": _words(
        "you your yours yourself yourselves you're you've you'd you'll"
    ),
    "third_person_pronouns": _words(
        "he him his himself she her hers herself it its itself they them their theirs "
        "themselves he'd he'll she'd she'll it'll they're they've they'd they'll"
    ),
    "negations": _words(
        "no not never none nobody nothing nowhere neither nor without cannot can't don't "
        "doesn't didn't isn't aren't wasn't weren't won't wouldn't couldn't shouldn't "
        "mustn't hasn't haven't hadn't needn't ain't"
    ),
    "modal_verbs": _words(
        "can could may might must shall should will would ought cannot can't couldn't "
        "mustn't shouldn't won't wouldn't"
    ),
    "comparatives": _words(
        "more less better worse higher lower larger greater bigger smaller fewer older "
        "younger newer earlier later longer shorter faster slower stronger weaker cheaper "
        "richer poorer easier harder"
    ),
    "superlatives": _words(
        "most least best worst highest lowest largest greatest biggest smallest fewest "
        "oldest youngest newest earliest latest longest shortest fastest slowest strongest "
        "weakest cheapest richest poorest easiest hardest"
    ),
    "question_words": _words("what when where which who whom whose why how"),
    "number_words": _words(
        "one two three four five six seven eight nine ten eleven twelve dozen hundred "
        "thousand million billion trillion"
    ),
    "weekdays": _words(
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu "
        "thurs fri"
    ),
    "months": _words(
        "january february march april june july august september october november "
        "december jan feb apr jun jul aug sept oct nov dec"
    ),
}
"""Words by class. `may` counts as a verb, not as a month; `sat` and `sun` as no day."""

STOP_WORDS: tuple[str, ...] = _words(
    "a about above after again against all also am an and any are as at be because been "
    "before being below between both but by can could did do does doing down during each "
    "few for from further had has have having he her here hers him his how i if in into is "
    "it its itself just me more most my no nor not now of off on once only or other our "
    "ours out over own same she should so some such than that the their theirs them then "
    "there these they this those through to too under until up us very was we were what "
    "when where which while who whom why will with would you your yours"
)
"""Words that are not looked for in texts unless they are asked for."""
