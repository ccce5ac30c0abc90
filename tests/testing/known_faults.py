"""
What is wrong in a vendor's contract, not in the exchange; one by one, each with its reason.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownFault:
    """A complaint that is not raised."""

    where: str
    """The complaint, with * for anything: `* reply error: unknown`."""
    why: str
    among: tuple[str, ...] = ()
    """Only for names that one of these schemas of the contract has."""


KNOWN_FAULTS: dict[str, tuple[KnownFault, ...]] = {
    "activecampaign": (
        KnownFault("* query limit: unknown", "every list takes it (the vendor's page on paging)"),
        KnownFault("* query offset: unknown", "the same"),
        KnownFault("GET /contacts query forceQuery: not of *", "its default is null: none"),
        KnownFault("GET /contacts query orders[[]*]: not of enum", "the same"),
        KnownFault("GET /contacts query segmentid: null", "the same"),
        KnownFault(
            "GET /api/3/contactTags: no such operation",
            "only its POST and DELETE are described",
        ),
        KnownFault(
            "GET /api/3/contacts/{}/contactTags: no such operation",
            "the link `contactTags` of every contact leads there",
        ),
        KnownFault(
            "GET /emailActivities reply *: unknown", "its example is empty, and so is its schema"
        ),
        KnownFault(
            "GET /deals/{id} reply deal.*: unknown",
            "described for a key without rights to the pipeline only",
        ),
        KnownFault(
            "POST /contact/sync reply status 200: unknown",
            "of a known contact; 201 is of a new one",
        ),
    ),
    "e-conomic": (
        KnownFault(
            "DELETE *: no such operation",
            "the legacy schemas tell no deletion; the server answers 204 (200 for drafts)",
        ),
        KnownFault(
            "GET /customers/{customerNumber}/delivery-locations reply pagination: unknown",
            "the one list without an envelope in the schemas, though it takes pages as all do",
        ),
        KnownFault(
            "GET /customers/{customerNumber}/delivery-locations reply metaData: unknown", "the same"
        ),
        KnownFault(
            "GET /customers/{customerNumber}/delivery-locations reply self: unknown", "the same"
        ),
        KnownFault(
            "GET /suppliers/{}/contacts: no such operation",
            "the `contacts` link of every supplier leads there",
        ),
        KnownFault(
            "GET /invoices/booked/{}/{}: no such operation",
            "`pdf.download` of every booked invoice leads there",
        ),
        KnownFault(
            "PUT /* body number: not of readOnly True",
            "the one name that a PUT has for its record, since the path has none",
        ),
    ),
    "hotjar": (
        KnownFault(
            "* reply *: null",
            "a transcription in OpenAPI 3.1 that says nullable as 3.0 did; its texts speak of null",
        ),
        KnownFault(
            "POST /organizations/{organization_id}/user-lookup reply: missing",
            "what a lookup answers is undocumented by the vendor; the stand-in varies it",
        ),
        KnownFault("GET * reply *id: not of type integer", "ids are strings in clients' code"),
        *(
            KnownFault(
                f"GET /sites/{{site_id}}/surveys/{{survey_id}}/responses reply results.{name}*: *",
                "clients read it in responses; the transcription has a handful of fields only",
            )
            for name in (
                "answers.comment",
                "answers.sentiment",
                "answers.tags",
                "browser",
                "country",
                "created_time",
                "device",
                "hotjar_user_id",
                "is_complete",
                "os",
                "recording_url",
                "response_origin_url",
                "user_attributes",
            )
        ),
    ),
    "mailchimp": (
        KnownFault(
            "* reply errors: unknown",
            "a problem's list of field errors, which Mailchimp's page on errors shows",
        ),
        KnownFault(
            "*merge_fields.*: not of type object",
            "Mailchimp's own file gives the values of merge fields no type; the copy made them so",
        ),
        KnownFault(
            "*completed_at: not of format date-time",
            "empty until a batch is done (mailchimp/APIv3-examples, issue 26)",
        ),
        KnownFault(
            "*merge_fields.*: null",
            "null clears a value: a column's default_value is told to stand for null",
        ),
        KnownFault(
            "POST /batches body operations.params.*: unknown",
            "an operation's query is free; the contract gives it an empty list of properties",
        ),
        KnownFault(
            "POST /lists/{listId} body members.tags: unknown",
            "sync_tags replaces tags by those in the request, which the contract forgot",
        ),
    ),
    "microsoft": (
        KnownFault("* reply Error: unknown", "the contract's StorageError has no root element"),
        KnownFault("* reply Code: unknown", "it has the Message only; its own client reads Code"),
        KnownFault(
            "* reply AuthenticationErrorDetail: unknown",
            "what an error adds, as Microsoft's page on status and error codes shows",
        ),
        KnownFault("* reply HeaderName: unknown", "the same"),
        KnownFault("* reply QueryParameterName: unknown", "the same"),
        KnownFault("* reply customer: unknown", "metadata: elements are named by the customer"),
        KnownFault("* reply owner: unknown", "the same"),
        KnownFault("* reply uploaded_by: unknown", "the same"),
        KnownFault("* reply status 304: unknown", "a condition on reading that is not met"),
        KnownFault("* query se: unknown", "a shared access signature may stand in any query"),
        KnownFault("* query sig: unknown", "the same"),
        KnownFault("* query sp: unknown", "the same"),
        KnownFault("* query srt: unknown", "the same"),
        KnownFault("* query ss: unknown", "the same"),
        KnownFault("* query sv: unknown", "the same"),
    ),
    "pipedrive": (
        KnownFault(
            "* reply *: null",
            "hardly anything is nullable by the schemas; the contracts' own examples have nulls",
        ),
        *(
            KnownFault(
                f"PATCH /persons/* body {name}: unknown",
                "refused with 403 without contact sync, says the vendor's page; with it, taken",
            )
            for name in ("notes", "im", "birthday", "job_title", "postal_address")
        ),
        KnownFault("PATCH * body *: null", "null unlinks and clears, and is no type of any field"),
        KnownFault(
            "GET * query *fields: not of enum", "several, separated by commas, say the texts"
        ),
        KnownFault("GET * query item_types: not of enum", "the same"),
        KnownFault("GET * query status: not of enum", "the same"),
        KnownFault("* reply data.*_count: unknown", "what include_fields adds, says its text"),
        KnownFault("* reply data.*_activity_id: unknown", "the same"),
        KnownFault("* reply data.*_status: unknown", "the same"),
        KnownFault("* reply data.smart_bcc_email: unknown", "the same"),
        KnownFault(
            "GET * reply additional_data.pagination: unknown",
            "v1's examples have it where some of its schemas have its parts",
        ),
        KnownFault(
            "*/leads* reply data.[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]*: unknown",
            "a lead's custom fields stand beside the others by their keys, says the text",
        ),
        KnownFault(
            "POST /organizations body title: missing",
            "required, though the property is called name",
        ),
        KnownFault("GET /files/{id}/download reply: not of *", "a file's bytes are no JSON"),
        KnownFault(
            "GET /mailbox/mailThreads/{id}/mailMessages reply data.draft_flag: unknown",
            "the same message has it when it is read by its id",
        ),
    ),
    "recurly": (
        KnownFault(
            "* reply error: unknown",
            "the contract's Error lacks the outer key that the official client reads",
        ),
        KnownFault(
            "* reply *: null",
            "nothing is nullable by the schemas, though their texts speak of null addresses and the"
            " official client reads every null",
        ),
        KnownFault("* body *: null", "null clears a custom field, says the schema's own text"),
        KnownFault(
            "* not of pattern /^[[]a-z0-9_*",
            "a pattern of JSON Schema has no slashes around it: nothing can match",
        ),
        KnownFault("GET * query cursor: unknown", "it stands in `next`, which the vendor made"),
        KnownFault(
            "GET /accounts query email: EmptyQueryParameterValue",
            "a blank value has a meaning, which the parameter's text gives",
        ),
        KnownFault(
            "GET *invoices query state: not of enum",
            "where it is absent, its default is none of its own values",
        ),
        KnownFault(
            "* query begin_time: not of format date-time", "may lack its zone, says its text"
        ),
        KnownFault("* query end_time: not of format date-time", "the same"),
    ),
    "slack": (
        KnownFault(
            "* token: missing",
            "the key goes in the Authorization header, which Slack recommends since 2020",
        ),
        KnownFault(
            "GET /api/{}: no such operation",
            "bookmarks.list came after 2021; Slack's sample of 2026 is compared instead",
        ),
        KnownFault(
            "* reply error: not of enum",
            "errors listed in 2021; test_slack_contract.py names every newer one",
        ),
        KnownFault(
            "* reply needed: unknown",
            "missing_scope can meet every method since",
        ),
        KnownFault(
            "* reply provided: unknown",
            "the same",
        ),
        KnownFault(
            "* query include_all_metadata: unknown",
            "message metadata came in 2022 (slack_sdk sends it)",
        ),
        KnownFault(
            "POST /chat.* body metadata: unknown",
            "the same",
        ),
        KnownFault(
            "* reply message*metadata: unknown",
            "the same",
        ),
        KnownFault(
            "* reply message*edited: unknown",
            "left out of the schema; samples of 2026 have it",
        ),
        KnownFault(
            "* reply message*app_id: unknown",
            "the same",
        ),
        KnownFault(
            "POST /chat.update reply message.*: unknown",
            "the contract's own example has user beside text",
        ),
        KnownFault(
            "* reply *attachments.*: unknown",
            "five names of 2021; samples of 2026 have all, forwarded text too",
        ),
        KnownFault(
            "* reply *files.*: unknown",
            "no file of mode email in 2021; samples of 2026 have its names",
        ),
        KnownFault("* reply file.*: unknown", "the same"),
        KnownFault(
            "GET /conversations.replies reply messages*",
            "a thread's messages are nearly those of history, with what 2021 left out there too",
        ),
        KnownFault(
            "POST /chat.* body *s: not of type string",
            "blocks and attachments are text in a form and lists in JSON, which Slack takes too",
        ),
        KnownFault(
            "POST /chat.update reply message.blocks: not of type object",
            "a list in every other schema and in what was sent",
        ),
        KnownFault(
            "GET /files.info reply content: unknown",
            "a snippet's text; samples of 2026 have it",
        ),
        KnownFault(
            "GET /conversations.history reply messages: not of minItems 1",
            "a conversation in which nothing was said, or all was deleted, has an empty list",
        ),
        KnownFault(
            "GET /conversations.* reply response_metadata: unknown",
            "in the contract's own example",
        ),
        KnownFault(
            "GET /users.profile.get reply profile.fields.*: unknown",
            "a company's own fields have ids for names",
        ),
    ),
    "teamviewer": (
        KnownFault(
            "* reply: unknown",
            "the subset describes no body of lists and texts that it only names",
        ),
        KnownFault("POST *getFeatures body: unknown", "the same"),
        KnownFault(
            "* /api/v1/reports/devices*: no such operation",
            "the other side's reports; left out of the subset, in the vendor's own file",
        ),
        KnownFault("GET /api/v1/groups: no such operation", "the same"),
        KnownFault("* /api/v1/devices/{}: no such operation", "the same"),
        KnownFault("GET /api/v1/contacts query email: unknown", "the same"),
        KnownFault("* /api/v1/contacts* reply *email: unknown", "the same"),
        KnownFault("GET /api/v1/devices query groupid: unknown", "the same"),
        KnownFault("GET /api/v1/reports/connections* reply *end_customer: unknown", "the same"),
        KnownFault("POST /api/v1/users body language: unknown", "the same, and required there"),
    ),
    "trello": (
        KnownFault("* reply: unknown", "most replies are not described at all"),
        KnownFault(
            "* path *: not of pattern ^[[]0-9a-fA-F]{24}$",
            "`me`, names and short links stand for ids, say the texts",
        ),
        KnownFault(
            "* query key: unknown",
            "key and token are the contract's security, of which the referee knows nothing",
        ),
        KnownFault("* query token: unknown", "the same"),
        KnownFault(
            "GET /boards/{id}/cards* query *: unknown",
            "nested resources: their parameters stand in a guide of the vendor's",
        ),
        KnownFault("GET /lists/{id}/cards query *: unknown", "the same"),
        KnownFault("GET /boards/{id}/members query *: unknown", "the same"),
        KnownFault("GET /cards/{id}/actions query *: unknown", "the same"),
        KnownFault("* reply attachments*: unknown", "the same"),
        KnownFault("* reply checklists*: unknown", "the same"),
        KnownFault("* reply customFieldItems*: unknown", "the same"),
        KnownFault(
            "P* body: unknown", "a JSON body may stand for the query, says the text of POST /cards"
        ),
        KnownFault("P* query *: missing", "the same"),
        KnownFault("P* query *: EmptyQueryParameterValue", "an empty text clears a text"),
        KnownFault("* reply dueComplete: unknown", "written by the contract's own parameter"),
        KnownFault("* reply start: unknown", "the same"),
        KnownFault("* reply isTemplate: unknown", "told inside `cover`, one step too deep"),
        KnownFault("* reply cover.*: null", "`nullable` beside a $ref has no effect"),
        KnownFault("* reply idAttachmentCover: null", "the same"),
        KnownFault(
            "* reply labels.*: unknown", "ids by the contract; py-trello reads name and colour"
        ),
        KnownFault("* reply labels: not of oneOf", "the same"),
        KnownFault(
            "GET /cards/{id} query attachments: not of type string",
            "its own default is none of its values",
        ),
        KnownFault("GET * query checkItem_fields: not of enum", "the same"),
        KnownFault(
            "GET /cards/{id}/attachments/{idAttachment} query fields: not of anyOf", "the same"
        ),
        KnownFault("GET /search query *s_limit: not of type integer", "its own default is a text"),
        KnownFault("* reply descData: null", "null on every board without emoji"),
        KnownFault("* reply dateLastActivity: not of format date", "an instant, as it is on cards"),
        KnownFault(
            "* reply prefs.permissionLevel: not of enum",
            "`private`, which POST /boards takes, is not among them",
        ),
        KnownFault("GET /organizations/{id}/boards reply: not of oneOf", "the same"),
        KnownFault("GET * reply: MediaTypeDeserializeError", "errors are a line of text, no Error"),
        KnownFault(
            "GET /boards/{id}/customFields reply *: unknown",
            "name, pos and options are told inside `display`, one step too deep",
        ),
        KnownFault("* reply value.*: unknown", "values of one of five types only"),
        KnownFault("* reply idValue: unknown", "the choice of a list, which PUT takes"),
        KnownFault("* reply value: null", "a choice has no value but an idValue"),
        KnownFault("PUT * body: not of oneOf", "any object fits both of its alternatives"),
        KnownFault("* reply appCreator: unknown", "what the vendor's page on actions has"),
        KnownFault(
            "* reply data.*: unknown",
            "every type of action has data of its own; these are a comment's",
        ),
        KnownFault(
            "POST /cards/{id}/attachments reply*", "one attachment, which the contract calls a list"
        ),
        KnownFault("GET /cards/{id}/attachments/{idAttachment} reply*", "the same"),
        KnownFault(
            "GET /cards/{id}/attachments reply: not of oneOf", "`bytes` is a number of bytes"
        ),
        KnownFault(
            "GET */organizations* reply *: unknown", "of a workspace the schema knows the id only"
        ),
        KnownFault("GET /search reply*", "an object by kind, which py-trello and trello.js read"),
        KnownFault(
            "GET /members/{id} reply: not of oneOf",
            "its address is null without the scope `account`",
        ),
        KnownFault("* reply email: null", "the same"),
        KnownFault(
            "PUT */checkItem/{idCheckItem} reply *: unknown",
            "a line of a checklist has due, dueReminder and idMember, says the list of its fields",
        ),
        KnownFault(
            "PUT */checkItem/{idCheckItem} reply pos: not of type string",
            "a number in the contract's own example",
        ),
        KnownFault(
            "GET /boards/{boardId}/actions query fields: *",
            "names of fields, joined by commas, and no Action",
        ),
        KnownFault("* reply softLimit: null", "null where no limit was set"),
        KnownFault("GET /1/boards/{}/cards/: no such operation", "py-trello ends paths by a slash"),
        KnownFault("GET /1/members/{}/boards/: no such operation", "the same"),
        KnownFault("PUT /1/checklists/{}/{}/: no such operation", "the same"),
        KnownFault(
            "PUT /1/card/{}/customField/{}/item: no such operation", "py-trello's older spelling"
        ),
        KnownFault("PUT /1/cards/{}/*: no such operation", "py-trello writes field by field"),
        KnownFault("PUT /1/boards/{}/closed: no such operation", "the same"),
        KnownFault("GET * query badges: unknown", "py-trello asks for what is always there"),
        KnownFault(
            "GET /boards/{id}/labels query fields: DeserializeError", "py-trello asks for `all`"
        ),
        KnownFault("DELETE * body: unknown", "py-trello sends along what it deletes"),
    ),
    "zapier": (
        KnownFault(
            "GET /v2/zap* reply: not of type array",
            "its generator puts the envelope of every list into a list of its own",
        ),
        *(
            KnownFault(f"GET /v2/zap* reply {name}: unknown", "the same")
            for name in ("data", "links", "meta")
        ),
        KnownFault(
            "GET /v2/zaps reply data.steps: not of oneOf",
            "an expanded action's action_type has the enum of `type`; its text lists READ, WRITE",
        ),
        KnownFault(
            "GET /v2/zaps reply links.*: null", "in its own example, and nullable as in 3.0"
        ),
    ),
    "zendesk": (
        KnownFault(
            "* query page*: unknown",
            "paging is described in the contract's texts, not among the parameters",
        ),
        KnownFault("* query per_page: unknown", "the same"),
        KnownFault("* reply meta: unknown", "cursor paging: the texts have it, the schemas not"),
        KnownFault("* reply links: unknown", "the same"),
        KnownFault("* reply count: unknown", "offset paging: only some of the schemas have it"),
        KnownFault("* reply next_page: unknown", "the same"),
        KnownFault("* reply previous_page: unknown", "the same"),
        KnownFault(
            "GET /api/v2/incremental/* query start_time: missing",
            "an after_url holds the cursor alone, as in the contract's own example",
        ),
        KnownFault(
            "GET /api/v2/incremental/tickets/cursor reply tickets.status: not of enum",
            "exports tell of deleted tickets, whose status the contract does not list",
        ),
        KnownFault(
            "GET /api/v2/search* reply results.*: unknown",
            "results are whole users and tickets; the schema has what all types share",
            among=("UserObject", "TicketObject", "OrganizationObject"),
        ),
        KnownFault("* body user*.skip_verify_email: unknown", "in the texts, not in UserInput"),
        KnownFault("* body user*.notes: unknown", "writable, and only in the reply's schema"),
        KnownFault("* body user*.details: unknown", "the same"),
        KnownFault("* body user*.phone: unknown", "the same"),
        KnownFault("* body user*.tags: unknown", "the same"),
        KnownFault("* body user*.user_fields: unknown", "the same"),
        KnownFault(
            "POST /api/v2/organizations/create_or_update body: unknown",
            "the contract describes no body where its texts do",
        ),
        KnownFault("PUT /api/v2/organizations/{organization_id} body: unknown", "the same"),
        KnownFault("POST /api/v2/users/{user_id}/identities body: unknown", "the same"),
        KnownFault("PUT /api/v2/users/{user_id}/identities/* body: unknown", "the same"),
        KnownFault("PUT /api/v2/comment_redactions/* body: unknown", "the same"),
        KnownFault("PUT /api/v2/tickets/*/comments/*/redact body: unknown", "the same"),
        KnownFault("DELETE * body: unknown", "zenpy sends along what it deletes"),
        KnownFault("PUT /api/v2/tickets/{ticket_id} body ticket.id: unknown", "zenpy sends it"),
        KnownFault("GET /api/v2/search query filter*: unknown", "zenpy says the type twice"),
        KnownFault("GET * query include: unknown", "side-loading, described in the texts"),
        KnownFault("GET * reply users: unknown", "what it adds to a reply"),
        KnownFault("GET * reply organizations: unknown", "the same"),
        KnownFault(
            "GET /api/v2/users/{}/tickets/{}: no such operation",
            "other spellings of the list of tickets, in its text only",
        ),
        KnownFault("GET /api/v2/users/{}/organization_memberships: no such operation", "the same"),
        KnownFault(
            "* job_status.results: not of oneOf", "null until the job is done, as in the example"
        ),
        KnownFault(
            "GET /api/v2/organizations/search query external_id: CastError",
            "an external id is text everywhere else in the contract",
        ),
        KnownFault("*.assignee_id: null", "nobody has taken the ticket yet"),
        KnownFault(
            "* deleted_user*.email: null",
            "personal data of a permanently deleted user are null, says the text",
        ),
        KnownFault("* deleted_user*.organization_id: null", "the same"),
        KnownFault(
            "GET /api/v2/incremental/users/cursor reply users: not of anyOf",
            "the same, where an export tells of one",
        ),
    ),
}
