"""What `cscli init` says."""

TEXTS: dict[str, str] = {
    "problem.init.unknown_preset": "No preset {value}. Nearest: {nearest}. Presets: {presets}",
    "problem.init.unknown_preset.hint": "`cscli init --list` says what each is for.",
    "problem.init.exists": "{value} is there already; it was left as it is",
    "problem.init.exists.hint": "Write another file with -o, or overwrite it with --force.",
    "problem.init.sample_exists": "{value} is there already; nothing was copied",
    "problem.init.sample_exists.hint": "Name another folder, or overwrite the sample's files with --force.",
    "init.sample_wrote": "Copied the sample company to {folder}: {count} files, its rules in cscli.yaml.",
    "init.sample_next": 'Next: cd "{folder}", then run: {command}',
    "init.wrote": "Wrote {path} from the preset {preset}.",
    "init.used": "  {source}: {file}",
    "init.waiting": "  {source}: none of the given files",
    "init.unused": "  {file}: not used by this preset; proposed in a comment",
    "init.without_data": "Without data in these exports: {metrics}",
    "init.none_has_data": "None of the metrics has data in these exports: every account will be unknown. Look at `columns:` in the file.",
    "init.next": "Next: read it, correct what is not right, then run: {command}",
    "init.next_exports": "Next: put your exports where `sources:` says, or correct it, then run: {command}",
    "init.mend_first": "Next: mend what is said above, in the file or the export, then run: {command}",
}
