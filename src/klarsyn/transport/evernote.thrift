// The part of Evernote's EDAM 1.28 that Klarsyn calls. What is not here cannot be called: no method
// deletes for good, shares, mails, or touches more than one note. Ids, names and types of fields are
// facts of the vendor's IDL; a test compares each of them.

// Failures

enum EDAMErrorCode {
  UNKNOWN = 1,
  BAD_DATA_FORMAT = 2,
  PERMISSION_DENIED = 3,
  INTERNAL_ERROR = 4,
  DATA_REQUIRED = 5,
  LIMIT_REACHED = 6,
  QUOTA_REACHED = 7,
  INVALID_AUTH = 8,
  AUTH_EXPIRED = 9,
  DATA_CONFLICT = 10,
  ENML_VALIDATION = 11,
  SHARD_UNAVAILABLE = 12,
  LEN_TOO_SHORT = 13,
  LEN_TOO_LONG = 14,
  TOO_FEW = 15,
  TOO_MANY = 16,
  UNSUPPORTED_OPERATION = 17,
  TAKEN_DOWN = 18,
  RATE_LIMIT_REACHED = 19,
  BUSINESS_SECURITY_LOGIN_REQUIRED = 20
}

exception EDAMUserException {
  1: required EDAMErrorCode errorCode;
  2: optional string parameter;
}

exception EDAMSystemException {
  1: required EDAMErrorCode errorCode;
  2: optional string message;
  3: optional i32 rateLimitDuration;
}

exception EDAMNotFoundException {
  1: optional string identifier;
  2: optional string key;
}

// The account

enum ServiceLevel { BASIC = 1, PLUS = 2, PREMIUM = 3, BUSINESS = 4 }

struct UserAttributes {
  1: optional string defaultLocationName;
  6: optional string incomingEmailAddress;
  7: optional list<string> recentMailedAddresses;
  9: optional string comments;
  23: optional string twitterUserName;
  25: optional string groupName;
  30: optional string businessAddress;
}

struct User {
  1: optional i32 id;
  2: optional string username;
  3: optional string email;
  4: optional string name;
  13: optional bool active;
  15: optional UserAttributes attributes;
  21: optional ServiceLevel serviceLevel;
}

struct UserUrls {
  1: optional string noteStoreUrl;
}

// Notes and what is in them

struct LazyMap {
  1: optional set<string> keysOnly;
  2: optional map<string, string> fullMap;
}

struct Data {
  1: optional binary bodyHash;
  2: optional i32 size;
  3: optional binary body;
}

struct ResourceAttributes {
  1: optional string sourceURL;
  3: optional double latitude;
  4: optional double longitude;
  6: optional string cameraMake;
  7: optional string cameraModel;
  10: optional string fileName;
  12: optional LazyMap applicationData;
}

struct Resource {
  1: optional string guid;
  2: optional string noteGuid;
  3: optional Data data;
  4: optional string mime;
  11: optional ResourceAttributes attributes;
}

struct NoteAttributes {
  1: optional i64 subjectDate;
  10: optional double latitude;
  11: optional double longitude;
  12: optional double altitude;
  13: optional string author;
  14: optional string source;
  15: optional string sourceURL;
  16: optional string sourceApplication;
  17: optional i64 shareDate;
  18: optional i64 reminderOrder;
  19: optional i64 reminderDoneTime;
  20: optional i64 reminderTime;
  21: optional string placeName;
  22: optional string contentClass;
  23: optional LazyMap applicationData;
  24: optional string lastEditedBy;
  26: optional map<string, string> classifications;
  27: optional i32 creatorId;
  28: optional i32 lastEditorId;
  29: optional bool sharedWithBusiness;
  30: optional string conflictSourceNoteGuid;
  31: optional i32 noteTitleQuality;
}

struct Contact {
  1: optional string name;
  2: optional string id;
}

struct Identity {
  1: required i64 id;
  2: optional Contact contact;
}

struct SharedNote {
  2: optional Identity recipientIdentity;
}

struct Note {
  1: optional string guid;
  2: optional string title;
  3: optional string content;
  4: optional binary contentHash;
  6: optional i64 created;
  7: optional i64 updated;
  8: optional i64 deleted;
  9: optional bool active;
  10: optional i32 updateSequenceNum;
  11: optional string notebookGuid;
  12: optional list<string> tagGuids;
  13: optional list<Resource> resources;
  14: optional NoteAttributes attributes;
  15: optional list<string> tagNames;
  16: optional list<SharedNote> sharedNotes;
}

struct NoteVersionId {
  1: required i32 updateSequenceNum;
  2: required i64 updated;
  3: required i64 saved;
  4: required string title;
}

// What notes are kept by

struct Tag {
  1: optional string guid;
  2: optional string name;
  3: optional string parentGuid;
  4: optional i32 updateSequenceNum;
}

struct SavedSearch {
  1: optional string guid;
  2: optional string name;
  3: optional string query;
  5: optional i32 updateSequenceNum;
}

struct Publishing {
  1: optional string uri;
  4: optional string publicDescription;
}

struct BusinessNotebook {
  1: optional string notebookDescription;
}

struct Notebook {
  1: optional string guid;
  2: optional string name;
  5: optional i32 updateSequenceNum;
  10: optional Publishing publishing;
  12: optional string stack;
  15: optional BusinessNotebook businessNotebook;
  16: optional User contact;
}

struct SharedNotebook {
  1: optional i64 id;
  3: optional string notebookGuid;
  4: optional string email;
  9: optional string username;
  15: optional string recipientUsername;
}

// Asking

struct SyncChunkFilter {
  1: optional bool includeNotes;
  6: optional bool includeSearches;
}

struct SyncChunk {
  1: required i64 currentTime;
  2: optional i32 chunkHighUSN;
  3: required i32 updateCount;
  4: optional list<Note> notes;
  7: optional list<SavedSearch> searches;
}

struct NoteFilter {
  3: optional string words;
  7: optional bool inactive;
}

struct NotesMetadataResultSpec {
  2: optional bool includeTitle;
}

struct NoteMetadata {
  1: required string guid;
}

struct NotesMetadataList {
  1: required i32 startIndex;
  2: required i32 totalNotes;
  3: required list<NoteMetadata> notes;
}

struct NoteResultSpec {
  1: optional bool includeContent;
  5: optional bool includeSharedNotes;
  6: optional bool includeNoteAppDataValues;
  7: optional bool includeResourceAppDataValues;
}

struct UpdateNoteIfUsnMatchesResult {
  1: optional Note note;
  2: optional bool updated;
}

service UserStore {
  User getUser(1: string authenticationToken)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException);
  UserUrls getUserUrls(1: string authenticationToken)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException);
}

service NoteStore {
  SyncChunk getFilteredSyncChunk(
      1: string authenticationToken, 2: i32 afterUSN, 3: i32 maxEntries, 4: SyncChunkFilter filter)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException);
  list<Notebook> listNotebooks(1: string authenticationToken)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException);
  list<Tag> listTags(1: string authenticationToken)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException);
  list<SharedNotebook> listSharedNotebooks(1: string authenticationToken)
    throws (1: EDAMUserException userException, 2: EDAMNotFoundException notFoundException,
            3: EDAMSystemException systemException);
  NotesMetadataList findNotesMetadata(
      1: string authenticationToken, 2: NoteFilter filter, 3: i32 offset, 4: i32 maxNotes,
      5: NotesMetadataResultSpec resultSpec)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
            3: EDAMNotFoundException notFoundException);
  Note getNoteWithResultSpec(
      1: string authenticationToken, 2: string guid, 3: NoteResultSpec resultSpec)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
            3: EDAMNotFoundException notFoundException);
  string getNoteSearchText(
      1: string authenticationToken, 2: string guid, 3: bool noteOnly, 4: bool tokenizeForIndexing)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
            3: EDAMNotFoundException notFoundException);
  Resource getResource(
      1: string authenticationToken, 2: string guid, 3: bool withData, 4: bool withRecognition,
      5: bool withAttributes, 6: bool withAlternateData)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
            3: EDAMNotFoundException notFoundException);
  list<NoteVersionId> listNoteVersions(1: string authenticationToken, 2: string noteGuid)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
            3: EDAMNotFoundException notFoundException);
  Note getNoteVersion(
      1: string authenticationToken, 2: string noteGuid, 3: i32 updateSequenceNum,
      4: bool withResourcesData, 5: bool withResourcesRecognition,
      6: bool withResourcesAlternateData)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
            3: EDAMNotFoundException notFoundException);
  UpdateNoteIfUsnMatchesResult updateNoteIfUsnMatches(1: string authenticationToken, 2: Note note)
    throws (1: EDAMUserException userException, 2: EDAMNotFoundException notFoundException,
            3: EDAMSystemException systemException);
  i32 deleteNote(1: string authenticationToken, 2: string guid)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
            3: EDAMNotFoundException notFoundException);
}
