#!/bin/sh
# The second half of the demo, beside stand-ins: a copy of KlarPris with its 200 invented customers
# is delivered to nine vendors, corrected, narrowed with an approval, and proved.
#
#     scripts/demo_delivery.sh KLARSYN COPY
set -eu
klarsyn=$1 company=$2
vendors="activecampaign mailchimp pipedrive plecto recurly reviso teamviewer zapier zendesk"

bold='' plain=''
if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); fi
say() { printf '\n%s# %s%s\n' "$bold" "$1" "$plain"; }
# see FILTER COMMAND...: run a command of ours, and print what a filter of sed leaves of it.
see() {
    filter=$1 status=0
    shift
    shown=$(printf ' %s' "$@" | sed "s|$company/||g")
    printf '%s$ klarsyn%s%s\n' "$bold" "$shown" "$plain"
    "$klarsyn" -C "$company" "$@" >"$company/out" 2>"$company/told" || status=$?
    sed -n "$filter" "$company/out"
    sed '/ to go\.$/d' "$company/told" >&2
    # 84 says that an approval is missing: here it is asked for on purpose.
    [ "$status" = 0 ] || [ "$status" = 84 ] || exit "$status"
}
as() {
    KLARSYN_USER=$1 KLARSYN_PASSPHRASE_FILE=$company/$1.txt
    export KLARSYN_USER KLARSYN_PASSPHRASE_FILE
}

KLARSYN_KEYS=$("$klarsyn" keys new)
export KLARSYN_KEYS
see p vendors

say "Two people work here; each has a passphrase of their own."
umask 077
echo 'granite lantern swims at noon' >"$company/freja.txt"
echo 'seven kettles under the birch' >"$company/nils.txt"
see p users add freja --passphrase-file "$company/freja.txt"
as freja
see p users add nils --role approver --passphrase-file "$company/nils.txt"

say "Freja lets nine connections write; what they are declared to be sent is in effect from today."
# shellcheck disable=SC2086  # nine names
see '/may write/p' vendors enable --yes $vendors
"$(dirname "$klarsyn")/python" scripts/demo_members.py "$company/customers.csv"

say "What would be sent? In numbers; below each vendor stand its elements, and what is left out."
see '1,12p;/^recurly$/,/R90/p' deliver plan --out "$company/plan.json" --markdown "$company/plan.md"
mkdir -p build && cp "$company/plan.md" build/deliveries.md

say "Exactly that plan is carried out, no faster than each vendor allows (time passes quickly here)."
see '/^[a-z]*: /p' deliver apply "$company/plan.json"

say "Now there is nothing to do."
see '1p;$p' deliver plan

say "One customer has a new telephone number: one update where it is delivered, none elsewhere."
sed -i.old '2s/+44 7700 900[0-9]*/+44 7700 900999/' "$company/customers.csv"
see '/: /p' deliver apply

say "Who has something of one person? Asked by an address; removed ones would be told, too."
address=$(sed -n 2p "$company/customers.csv" | cut -d ';' -f 3)
see '1,4p;/^[b-z][a-z]*: /p' who-has "$address"

say "What was Mailchimp sent?"
see p sent mailchimp

say "Mailchimp shall no longer have a customer's source: its file is changed, and looked at again."
sed -i.old -e '/- element: customer.source_partner/,/printed:/d' -e '/customer.source_partner:/d' \
    "$company/register/vendors/mailchimp.yaml"
see '/may write/p' vendors enable --yes mailchimp
see p deliver apply mailchimp
request=$(sed -n 's/.*`klarsyn approve \([0-9a-f]*\)`.*/\1/p' "$company/out")

say "Somebody else has to agree; then it is cleared for everybody."
as nils
see p approve "$request"
see '/^[a-z]*: /p' deliver apply mailchimp

say "Everything is recorded, and verified without calling anybody."
see p evidence verify
