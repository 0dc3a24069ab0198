"""Make clarify_configs.json anew: configurations that the schema of the sagemaker SDK accepts or refuses.

It runs in an environment of its own, for the SDK needs other versions than this project:

    python3.11 -m venv sdk
    sdk/bin/pip install sagemaker==2.257.7 schema==0.7.8
    sdk/bin/python tests/unit/clarify/make_clarify_config_goldens.py tests/unit/clarify/clarify_configs.json

The same seed gives the same file. A configuration is assembled from keys that are valid; half of them are then damaged
in one or two places. The schema alone says which are accepted: many a damage is none.
"""

import copy
import json
import random
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

SEED = 17
EACH = 200
LONGEST = 800
MEANT_OTHERWISE = [
    None, True, False, 0, 1, -3, 2.5, 1.0, "", "text", "1", [], {}, [[]], [1], [1.5], ["a"], [None], [True], ["a", 1],
    {"a": 1}, {"a": "b"}, [{}], [{"features": [1, 2.0]}], [[1, "a", 2.5, None]], [[True]], "mean_sq", "ALL", "Zero",
]  # fmt: skip
COLUMN = ["label", "Age", 0, 3, "naïve column"]


def any_case(rng, *words):
    word = rng.choice(words)
    return rng.choice([word, word, word.upper(), word.title()])


def some(rng, values, least=0, most=3):
    return [rng.choice(values) for _ in range(rng.randint(least, most))]


def optional(rng, parts, share=0.5):
    """Some of the parts, each made only if it is taken."""
    return {name: make(rng) for name, make in parts.items() if rng.random() < share}


def column(rng):
    return rng.choice(COLUMN)


def scalar(rng):
    return rng.choice([0, 1, 2.5, "yes", "club A", -4])


def rows(rng):
    width = rng.randint(1, 4)
    row = [0, 1.5, "x", None, -2]
    return [[rng.choice(row) for _ in range(width)] for _ in range(rng.randint(0, 3))]


def shap(rng):
    return optional(
        rng,
        {
            "baseline": lambda r: r.choice(
                [
                    rows(r),
                    "baseline.csv",
                    "s3://bucket/b.csv",
                    {"features": [1, 2]},
                    [{"features": [1, True]}],
                    [[]],
                ]
            ),
            "num_clusters": lambda r: r.randint(1, 20),
            "use_logit": lambda r: r.random() < 0.5,
            "num_samples": lambda r: r.choice([10, 1000, 10**12, 0, -1]),
            "agg_method": lambda r: any_case(r, "mean_abs", "median", "mean_sq"),
            "save_local_shap_values": lambda r: r.random() < 0.5,
            "text_config": lambda r: (
                {
                    "granularity": any_case(r, "token", "sentence", "paragraph"),
                    "language": any_case(
                        r, "english", "de", "norwegian bokmål", "lij", "xx", "multi-language", "ligurian"
                    ),
                }
                | optional(r, {"max_top_tokens": lambda q: q.randint(1, 5)})
            ),
            "image_config": lambda r: optional(
                r,
                {
                    "num_segments": lambda q: 20,
                    "segment_compactness": lambda q: 5,
                    "feature_extraction_method": lambda q: "segmentation",
                    "model_type": lambda q: "OBJECT_DETECTION",
                    "max_objects": lambda q: 3,
                    "iou_threshold": lambda q: 0.5,
                    "context": lambda q: 1.0,
                    "debug": lambda q: optional(
                        q,
                        {
                            "image_names": lambda p: ["a.png"],
                            "class_ids": lambda p: [1, 2],
                            "sample_from": lambda p: 1,
                            "sample_to": lambda p: 9,
                        },
                    ),
                },
            ),
            "seed": lambda r: r.randint(-5, 10**6),
            "features_to_explain": lambda r: some(r, COLUMN),
        },
        0.4,
    )


def bias(rng):
    return {"methods": rng.choice(["all", "ALL", ["CI"], ["DPL", "KL"], [], ["nonsense"], "DPPL"])}


def asymmetric(rng):
    return {
        "direction": any_case(rng, "chronological", "anti_chronological", "bidirectional"),
        "granularity": any_case(rng, "timewise", "fine_grained"),
    } | optional(
        rng,
        {
            "num_samples": lambda r: r.randint(1, 9),
            "baseline": lambda r: r.choice(
                [
                    "file.json",
                    {},
                    {"target_time_series": any_case(r, "zero", "mean")},
                    {
                        "related_time_series": "mean",
                        "static_covariates": {"item1": [1, "a", 2.5], "item2": []},
                    },
                ]
            ),
        },
    )


def methods(rng):
    return optional(
        rng,
        {
            "shap": shap,
            "pre_training_bias": bias,
            "post_training_bias": bias,
            "pdp": lambda r: (
                {"grid_resolution": r.randint(-1, 20)}
                | optional(
                    r, {"features": lambda q: some(q, COLUMN), "top_k_features": lambda q: q.randint(0, 10)}
                )
            ),
            "report": lambda r: {"name": "report"} | optional(r, {"title": lambda q: "A title"}),
            "asymmetric_shapley_value": asymmetric,
        },
    )


def time_series(rng):
    return {"target_time_series": column(rng), "item_id": column(rng), "timestamp": column(rng)} | optional(
        rng,
        {
            "related_time_series": lambda r: r.choice([["a", "b"], [1, 2], []]),
            "static_covariates": lambda r: r.choice([["a"], [4], []]),
            "dataset_format": lambda r: any_case(r, "columns", "item_records", "timestamp_records"),
        },
    )


def predictor(rng):
    types = "text/csv", "application/jsonlines", "application/json"
    return optional(
        rng,
        {
            "endpoint_name": lambda r: "endpoint",
            "endpoint_name_prefix": lambda r: r.choice(["ab", "a--b", "my-prefix", "ab!"]),
            "model_name": lambda r: "xgboost-model",
            "target_model": lambda r: "model-1",
            "instance_type": lambda r: "ml.c5.xlarge",
            "initial_instance_count": lambda r: 1,
            "accelerator_type": lambda r: "ml.eia1.medium",
            "content_type": lambda r: any_case(r, *types, "image/jpeg", "image/png", "application/x-npy"),
            "accept_type": lambda r: any_case(r, *types),
            "label": column,
            "probability": column,
            "label_headers": lambda r: some(r, COLUMN),
            "content_template": lambda r: r.choice(['{"instances": $records}', {"features": "$features"}]),
            "record_template": lambda r: "$features",
            "custom_attributes": lambda r: "c",
            "time_series_predictor_config": lambda r: {"forecast": "predictions"},
        },
        0.35,
    )


def segment(rng):
    return {
        "name_or_index": column(rng),
        "segments": [some(rng, ["(1, 4]", 5, "a"]) for _ in range(2)],
    } | optional(rng, {"config_name": lambda r: "c", "display_aliases": lambda r: ["x", "y"]})


def facet(rng):
    return {"name_or_index": column(rng)} | optional(
        rng, {"value_or_threshold": lambda r: [scalar(r) for _ in range(r.randint(0, 2))]}
    )


def whole_config(rng):
    kinds = "text/csv", "application/jsonlines", "application/json", "application/sagemakercapturejson"
    kind = any_case(rng, *kinds, "application/x-parquet", "application/x-image")
    return {"dataset_type": kind, "methods": methods(rng)} | optional(
        rng,
        {
            "version": lambda r: r.choice(["1.0", "2", ""]),
            "dataset_uri": lambda r: "s3://bucket/train.csv",
            "headers": lambda r: r.choice([["label", "Age", "Income"], ["a", "a"], []]),
            "label": column,
            "predicted_label": column,
            "features": lambda r: r.choice(["features", "[*].values", ""]),
            "label_values_or_threshold": lambda r: [scalar(r) for _ in range(r.randint(0, 2))],
            "probability_threshold": lambda r: r.choice([0.5, 1.0, -3.0, 17.25]),
            "segment_config": lambda r: [segment(r) for _ in range(r.randint(0, 2))],
            "facet": lambda r: [facet(r) for _ in range(r.randint(0, 2))],
            "facet_dataset_uri": lambda r: "s3://bucket/facets.csv",
            "facet_headers": lambda r: ["Age"],
            "predicted_label_dataset_uri": lambda r: "s3://bucket/predicted.csv",
            "predicted_label_headers": lambda r: ["predicted"],
            "excluded_columns": lambda r: some(r, COLUMN),
            "joinsource_name_or_index": column,
            "group_variable": column,
            "time_series_data_config": time_series,
            "predictor": predictor,
        },
        0.35,
    )


def places(content, place=()):
    """The path of everything that is in a value of JSON, itself included."""
    yield place
    inside = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content)
        if isinstance(content, list)
        else ()
    )
    for key, value in inside:
        yield from places(value, (*place, key))


def at(content, place):
    for part in place:
        content = content[part]
    return content


def misspelt(rng, name):
    n = rng.randrange(len(name))
    return rng.choice([name[:n] + name[n + 1 :], name + "s", name.upper(), name.replace("_", "-"), "Unknown"])


def damaged(rng, config):
    config = copy.deepcopy(config)
    place = rng.choice(list(places(config)))
    found = at(config, place)
    kind = rng.choice(["value", "value", "null", "drop", "key", "more"])
    if kind == "more" and isinstance(found, dict):
        found[rng.choice(["extra", "num_sample", "Label", "facets"])] = rng.choice(MEANT_OTHERWISE)
    elif not place:
        return rng.choice(MEANT_OTHERWISE) if rng.random() < 0.2 else damaged(rng, config)
    elif kind == "drop":
        del at(config, place[:-1])[place[-1]]
    elif kind == "key" and isinstance(place[-1], str):
        holder = at(config, place[:-1])
        holder[misspelt(rng, place[-1])] = holder.pop(place[-1])
    else:
        at(config, place[:-1])[place[-1]] = None if kind == "null" else rng.choice(MEANT_OTHERWISE)
    return config


def main():
    warnings.simplefilter("ignore")
    from sagemaker.clarify import ANALYSIS_CONFIG_SCHEMA_V1_0

    rng = random.Random(SEED)
    found = {True: [], False: []}
    seen = set()
    while min(map(len, found.values())) < EACH:
        config = whole_config(rng)
        for _ in range(rng.choice([0, 1, 1, 2])):
            config = damaged(rng, config) if isinstance(config, dict) and config else config
        text = json.dumps(config)
        group = found[ANALYSIS_CONFIG_SCHEMA_V1_0.is_valid(copy.deepcopy(config))]
        if len(group) < EACH and text not in seen and len(text) < LONGEST:
            seen.add(text)
            group.append(config)
    origin = f"sagemaker {version('sagemaker')}, schema {version('schema')}, seed {SEED}"
    groups = {"accepted": found[True], "refused": found[False]}
    lines = [f'"origin": {json.dumps(origin)}']
    for name, configs in groups.items():
        lines.append(f'"{name}": [\n' + ",\n".join(map(json.dumps, configs)) + "\n]")
    Path(sys.argv[1]).write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
