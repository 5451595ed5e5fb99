#!/usr/bin/env python3
"""Builds lib/core/src/main/resources/io/kompletion/models.json, the library's own table of models.

    python3 lib/core/src/build/models/build_models.py FACTS.jsonl --date 2026-08-01

FACTS.jsonl has one model a line: model, provider, mode, *_per_mtok prices in US dollars, context, max_output,
capabilities, tiers, batches/flex/priority, disputed, suspect, src. --date is the day of the prices. rules.json beside
this script says how foreign names map to ours, which prices of 0 are true, and which families there are.

The result is JSON with one provider a line, so that the library can read the one that it needs. docs/costs.md describes
the form. Needs Python 3.8 and nothing else; the same facts give the same bytes.
"""

import argparse
import json
import re
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESOURCES = HERE.parents[1] / "main/resources/io/kompletion"
BUCKETS = {
    "input_per_mtok": "input",
    "cache_read_per_mtok": "cache_read",
    "cache_write_per_mtok": "cache_write",
    "cache_write_1h_per_mtok": "cache_write_1h",
    "audio_in_per_mtok": "audio_input",
    "image_in_per_mtok": "image_input",
    "output_per_mtok": "output",
    "reasoning_per_mtok": "reasoning",
    "audio_out_per_mtok": "audio_output",
    "image_out_per_mtok": "image_output",
}
UNITS = {
    "per_image": "image",
    "per_query": "query",
    "per_request": "request",
    "per_page": "page",
    "in_per_char": "input_character",
    "in_per_second": "input_second",
    "out_per_second": "output_second",
    "video_per_second": "video_second",
}
# The order of preference when one name has several modes.
MODES = ["chat", "responses", "completion", "embedding"]


def number(value):
    """A price without the noise of binary fractions; whole ones without a point."""
    value = Decimal(repr(value)).quantize(Decimal("1e-9")).normalize()
    return int(value) if value == value.to_integral() else float(value)


def prices(row, rules):
    """The token prices of a row, or nothing where they are not known."""
    found = {ours: number(row[theirs]) for theirs, ours in BUCKETS.items() if row.get(theirs) is not None}
    suspect = " ".join(row.get("suspect", []))
    if "cache write" in suspect:
        found.pop("cache_write", None)
        found.pop("cache_write_1h", None)
    mode = row.get("mode", "chat")
    if not any(found.values()) and not is_free(row, rules):
        return {}
    # A price of 0 on one side only is a hole in the facts, except where there is nothing on that side.
    if mode in ("chat", "responses", "completion") and any(found.values()):
        found = {bucket: price for bucket, price in found.items() if price or bucket not in ("input", "output")}
    return found


def is_free(row, rules):
    name = f"{row['provider']}/{row['model']}"
    return any(fnmatchcase(name, pattern) for pattern in rules["free"])


def tier(found, base):
    """Prices above a number of tokens; the hour of caching costs there what it costs below, in proportion to input."""
    known = {name: number(value) for name, value in found.items() if name != "above" and value is not None}
    if "cache_write_1h" in base and "cache_write" in known and base.get("input"):
        factor = Decimal(str(base["cache_write_1h"])) / Decimal(str(base["input"]))
        known["cache_write_1h"] = number(float(Decimal(str(known["input"])) * factor))
    if "reasoning" in base and base["reasoning"] == base.get("output") and "output" in known:
        known["reasoning"] = known["output"]
    return {"above": found["above"], **known}


def service(row, name, base):
    """Prices of a service tier; equal ones at priority are a copy of the standard price, not a price."""
    found = {side: number(value) for side, value in (row.get(name) or {}).items() if value}
    if name == "priority" and found.get("input") == base.get("input"):
        return {}
    return found


def entry(row, rules):
    base = prices(row, rules)
    per = {ours: number(row[theirs]) for theirs, ours in UNITS.items() if row.get(theirs)}
    can = [tag for tag in rules["capabilities"] if any(given in row["capabilities"] for given in rules["capabilities"][tag])]
    made = {"mode": row.get("mode") if row.get("mode") != "chat" else None}
    made["context"] = row.get("context") or None
    cap = row.get("max_output")
    made["max_output"] = cap if cap and not (row.get("context") and cap > row["context"]) else None
    made["can"] = " ".join(can)
    made["price"] = base
    if base:
        made["tiers"] = [tier(found, base) for found in sorted(row.get("tiers", []), key=lambda t: t["above"])]
        made["batch"] = service(row, "batches", base)
        made["flex"] = service(row, "flex", base)
        made["priority"] = service(row, "priority", base)
        made["disputed"] = [
            {"source": said["src"], "input": number(said["input"]), "output": number(said["output"])}
            for said in row.get("disputed", [])
        ]
    made["per"] = per
    made["source"] = row["src"]
    return {name: value for name, value in made.items() if value not in (None, "", [], {})}


def provider_of(row, rules, routable):
    name = row["provider"]
    for rule in rules["providers"]:
        if rule["from"] == name and fnmatchcase(row["model"], rule.get("models", "*")):
            name = rule["to"]
            break
    return routable.get(name) or (name if name in rules["unrouted"] else None)


def better(row, other):
    rank = lambda r: MODES.index(r["mode"]) if r.get("mode") in MODES else len(MODES)
    return other is None or rank(row) < rank(other)


def amended(name, made, rules):
    """What the facts leave out for a whole family, with the provider's documentation as the source."""
    tags = made.get("can", "").split()
    for rule in rules["amendments"]:
        if fnmatchcase(name, rule["models"]):
            tags += [tag for tag in rule["can"] if tag not in tags]
    return {**made, "can": " ".join(tag for tag in rules["capabilities"] if tag in tags)} if tags else made


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("facts", type=Path)
    options.add_argument("--date", required=True)
    options.add_argument("--out", type=Path, default=RESOURCES / "models.json")
    given = options.parse_args()

    rules = json.loads((HERE / "rules.json").read_text())
    routable = {name: name for name in rules["builtin"]}
    for row in json.loads((RESOURCES / "providers.json").read_text()):
        for name in [row["id"], *row.get("aliases", [])]:
            routable.setdefault(name, row["id"])

    skipped = [re.compile(pattern) for pattern in rules["skip"]]
    chosen = {}
    for line in given.facts.read_text().splitlines():
        row = json.loads(line)
        provider = provider_of(row, rules, routable)
        name = f"{row['provider']}/{row['model']}"
        if provider is None or "mode" not in row or any(pattern.search(name) for pattern in skipped):
            continue
        # The case of a name does not count when it is looked up.
        key = provider, row["model"].lower()
        if better(row, chosen.get(key)):
            chosen[key] = row

    providers = {}
    for (provider, _), row in sorted(chosen.items()):
        model = row["model"]
        made = amended(f"{provider}/{model}", entry(row, rules), rules)
        if made.keys() - {"source", "mode"}:
            providers.setdefault(provider, {})[model] = made

    # The same models under a second name, for the same prices.
    for rule in rules["copies"]:
        taken = {m: made for m, made in providers[rule["from"]].items() if fnmatchcase(m, rule["models"])}
        providers[rule["to"]] = {**taken, **providers.get(rule["to"], {})}

    for family in rules["families"]:
        provider, model = family["like"].split("/", 1)
        if model not in providers.get(provider, {}):
            raise SystemExit(f"family {family['match']} is like {family['like']}, which the table does not have")

    compact = lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    head = {"version": 1, "date": given.date, "currency": "USD", "per_tokens": 1_000_000}
    lines = [f"{compact(name)}:{compact(value)}" for name, value in head.items()]
    for name in ("regions", "unrouted", "unpriced", "families"):
        lines.append(f"{compact(name)}:{compact(rules[name])}")
    body = ",\n".join(f"{compact(name)}:{compact(models)}" for name, models in sorted(providers.items()))
    lines.append('"providers":{\n' + body + "\n}")
    given.out.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    count = sum(len(models) for models in providers.values())
    print(f"{count} models of {len(providers)} providers, {given.out.stat().st_size} bytes, {given.out}")


if __name__ == "__main__":
    main()
