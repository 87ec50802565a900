#!/bin/sh
# Makes the font files beside it from Debian's packages fonts-inter 4.0~beta7+ds-1 and fonts-jetbrains-mono 2.242+ds-3.
# Needs apt-get, dpkg-deb and fonttools (pip install fonttools==4.68.0); writes nothing outside its own folder and a temporary one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
apt-get download fonts-inter fonts-jetbrains-mono
for package in *.deb; do dpkg-deb -x "$package" .; done
inter=usr/share/fonts/opentype/inter
mono=usr/share/fonts/truetype/jetbrains-mono
# Basic Latin to Cyrillic, phonetic spaces and dashes, currency, letterlike, arrows, mathematics, technical, boxes, blocks, shapes, ticks.
text=U+0020-007E,U+00A0-017F,U+018F,U+0192,U+01CD-01DC,U+0218-021B,U+02BC,U+02C6,U+02C7,U+02D8-02DD,U+0300-0304,U+0306-030C,U+0327,U+0328,U+0384-03CE,U+0400-045F,U+0490,U+0491,U+1E80-1E85,U+1E9E,U+1EF2,U+1EF3,U+2002-200B,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+202F,U+2030,U+2032,U+2033,U+2039,U+203A,U+2044,U+2070,U+2074-207E,U+2080-208E,U+20AC,U+20BD,U+2103,U+2109,U+2116,U+2117,U+2122,U+2126,U+212A,U+2150-215E,U+2190-2199,U+21BA,U+21BB,U+2202,U+2206,U+220F,U+2211,U+2212,U+2215,U+2219,U+221A,U+221E,U+222B,U+2248,U+2260,U+2264,U+2265,U+2318,U+2325,U+25A0,U+25A1,U+25B2,U+25B3,U+25B6,U+25BA,U+25BC,U+25BD,U+25C0,U+25C6,U+25C7,U+25CA,U+25CB,U+25CF,U+2600-2603,U+2605,U+2606,U+2611,U+2665,U+26A0,U+2713,U+2714,U+2717,U+2718,U+2756,U+2764,U+FB01,U+FB02,U+FEFF,U+FFFD
subset() { # source target features unicodes
  pyftsubset "$1" --output-file="$here/$2" --unicodes="$4" --layout-features="$3" \
    --notdef-outline --no-hinting --desubroutinize --name-IDs=0,1,2,3,4,5,6,13,14 --drop-tables+=DSIG,FFTM
}
for face in Inter-Regular Inter-Medium Inter-SemiBold InterDisplay-Bold; do
  subset "$inter/$face.otf" "$face.otf" ccmp,locl,mark,kern,tnum "$text"
done
subset "$mono/JetBrainsMono-Medium.ttf" JetBrainsMono-Medium.ttf ccmp,mark "$text,U+2500-259F"
