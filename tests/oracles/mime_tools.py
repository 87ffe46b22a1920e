"""Mails read by MIME-tools, Perl's parser of mails: it shares no code with the standard library of Python."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

_READ = r"""
use Encode qw(decode); use Encode::MIME::Header; use JSON::PP; use MIME::Parser;
binmode STDIN;
my $parser = MIME::Parser->new; $parser->output_to_core(1); $parser->tmp_to_core(1);
my $mail = $parser->parse(\*STDIN); my $head = $mail->head; my %headers;
for my $name ($head->tags) { my $text = $head->get($name, 0); $text =~ s/\n[ \t]/ /g; chomp $text;
    $headers{lc $name} = decode('MIME-Header', $text); }
my @parts = map { { type => $_->mime_type, text => decode($_->head->mime_attr('content-type.charset') || 'ascii',
    $_->bodyhandle->as_string) } } grep { $_->bodyhandle } $mail->parts ? $mail->parts : ($mail);
print JSON::PP->new->ascii->encode({ headers => \%headers, parts => \@parts });
"""


def _missing() -> bool:
    perl = shutil.which("perl")
    return (
        perl is None
        or subprocess.run([perl, "-MMIME::Parser", "-e1"], capture_output=True, check=False).returncode != 0
    )


needs_mime_tools = pytest.mark.skipif(
    _missing(), reason="MIME-tools of Perl (libmime-tools-perl) is not here"
)


def read_mail(raw: bytes, folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The headers by lower-case name, unfolded and decoded, and the texts by content type."""
    done = subprocess.run(["perl", "-e", _READ], input=raw, cwd=folder, capture_output=True, check=True)
    found = json.loads(done.stdout)
    return found["headers"], {each["type"]: each["text"] for each in found["parts"]}
