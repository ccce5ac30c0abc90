// What the stand-in of Evernote speaks: the part of EDAM 1.28 that it knows, in Klarsyn's own words.
// Names, field ids and types are the vendor's; the tests compare each with the vendor's own IDL.

// What goes wrong --------------------------------------------------------------------------------

enum EDAMErrorCode {
  UNKNOWN = 1
  BAD_DATA_FORMAT = 2
  PERMISSION_DENIED = 3
  INTERNAL_ERROR = 4
  DATA_REQUIRED = 5
  LIMIT_REACHED = 6
  QUOTA_REACHED = 7
  INVALID_AUTH = 8
  AUTH_EXPIRED = 9
  DATA_CONFLICT = 10
  ENML_VALIDATION = 11
  SHARD_UNAVAILABLE = 12
  LEN_TOO_SHORT = 13
  LEN_TOO_LONG = 14
  TOO_FEW = 15
  TOO_MANY = 16
  UNSUPPORTED_OPERATION = 17
  TAKEN_DOWN = 18
  RATE_LIMIT_REACHED = 19
}

// The caller can do something about it.
exception EDAMUserException {
  1: required EDAMErrorCode errorCode
  2: optional string parameter
}

// The service has a problem, or has had enough.
exception EDAMSystemException {
  1: required EDAMErrorCode errorCode
  2: optional string message
  3: optional i32 rateLimitDuration  // seconds
}

exception EDAMNotFoundException {
  1: optional string identifier  // which field named it: Note.guid
  2: optional string key         // what it was named
}

// Who -------------------------------------------------------------------------------------------

enum PrivilegeLevel { NORMAL = 1, PREMIUM = 3, VIP = 5, MANAGER = 7, SUPPORT = 8, ADMIN = 9 }

enum ServiceLevel { BASIC = 1, PLUS = 2, PREMIUM = 3, BUSINESS = 4 }

struct User {
  1: optional i32 id
  2: optional string username
  3: optional string email
  4: optional string name
  6: optional string timezone
  7: optional PrivilegeLevel privilege
  9: optional i64 created
  10: optional i64 updated
  11: optional i64 deleted
  13: optional bool active
  14: optional string shardId
  19: optional string photoUrl
  20: optional i64 photoLastUpdated
  21: optional ServiceLevel serviceLevel
}

struct UserUrls {
  1: optional string noteStoreUrl
  2: optional string webApiUrlPrefix
  3: optional string userStoreUrl
  4: optional string utilityUrl
  5: optional string messageStoreUrl
  6: optional string userWebSocketUrl
}

enum ContactType { EVERNOTE = 1, SMS = 2, FACEBOOK = 3, EMAIL = 4, TWITTER = 5, LINKEDIN = 6 }

struct Contact {
  1: optional string name
  2: optional string id
  3: optional ContactType type
  4: optional string photoUrl
  5: optional i64 photoLastUpdated
  6: optional binary messagingPermit
  7: optional i64 messagingPermitExpires
}

struct Identity {
  1: required i64 id
  2: optional Contact contact
  3: optional i32 userId
  4: optional bool deactivated
  5: optional bool sameBusiness
  6: optional bool blocked
  7: optional bool userConnected
  8: optional i64 eventId
}

// What they keep ---------------------------------------------------------------------------------

// An account shows either the names of the entries or the entries, never both.
struct LazyMap {
  1: optional set<string> keysOnly
  2: optional map<string, string> fullMap
}

struct Data {
  1: optional binary bodyHash  // MD5
  2: optional i32 size
  3: optional binary body
}

struct Tag {
  1: optional string guid
  2: optional string name
  3: optional string parentGuid
  4: optional i32 updateSequenceNum
}

struct ResourceAttributes {
  1: optional string sourceURL
  2: optional i64 timestamp
  3: optional double latitude
  4: optional double longitude
  5: optional double altitude
  6: optional string cameraMake
  7: optional string cameraModel
  8: optional bool clientWillIndex
  9: optional string recoType
  10: optional string fileName
  11: optional bool attachment
  12: optional LazyMap applicationData
}

struct Resource {
  1: optional string guid
  2: optional string noteGuid
  3: optional Data data
  4: optional string mime
  5: optional i16 width
  6: optional i16 height
  7: optional i16 duration
  8: optional bool active
  9: optional Data recognition
  11: optional ResourceAttributes attributes
  12: optional i32 updateSequenceNum
  13: optional Data alternateData
}

struct NoteAttributes {
  1: optional i64 subjectDate
  10: optional double latitude
  11: optional double longitude
  12: optional double altitude
  13: optional string author
  14: optional string source
  15: optional string sourceURL
  16: optional string sourceApplication
  17: optional i64 shareDate
  18: optional i64 reminderOrder
  19: optional i64 reminderDoneTime
  20: optional i64 reminderTime
  21: optional string placeName
  22: optional string contentClass
  23: optional LazyMap applicationData
  24: optional string lastEditedBy
  26: optional map<string, string> classifications
  27: optional i32 creatorId
  28: optional i32 lastEditorId
  29: optional bool sharedWithBusiness
  30: optional string conflictSourceNoteGuid
  31: optional i32 noteTitleQuality
}

enum SharedNotePrivilegeLevel { READ_NOTE = 0, MODIFY_NOTE = 1, FULL_ACCESS = 2 }

struct SharedNote {
  1: optional i32 sharerUserID
  2: optional Identity recipientIdentity
  3: optional SharedNotePrivilegeLevel privilege
  4: optional i64 serviceCreated
  5: optional i64 serviceUpdated
  6: optional i64 serviceAssigned
}

struct NoteRestrictions {
  1: optional bool noUpdateTitle
  2: optional bool noUpdateContent
  3: optional bool noEmail
  4: optional bool noShare
  5: optional bool noSharePublicly
}

struct NoteLimits {
  1: optional i32 noteResourceCountMax
  2: optional i64 uploadLimit
  3: optional i64 resourceSizeMax
  4: optional i64 noteSizeMax
  5: optional i64 uploaded
}

struct Note {
  1: optional string guid
  2: optional string title
  3: optional string content      // ENML
  4: optional binary contentHash  // MD5
  5: optional i32 contentLength
  6: optional i64 created         // milliseconds, as all instants here
  7: optional i64 updated
  8: optional i64 deleted
  9: optional bool active
  10: optional i32 updateSequenceNum
  11: optional string notebookGuid
  12: optional list<string> tagGuids
  13: optional list<Resource> resources
  14: optional NoteAttributes attributes
  15: optional list<string> tagNames
  16: optional list<SharedNote> sharedNotes
  17: optional NoteRestrictions restrictions
  18: optional NoteLimits limits
}

enum SharedNotebookPrivilegeLevel {
  READ_NOTEBOOK = 0
  MODIFY_NOTEBOOK_PLUS_ACTIVITY = 1
  READ_NOTEBOOK_PLUS_ACTIVITY = 2
  GROUP = 3
  FULL_ACCESS = 4
  BUSINESS_FULL_ACCESS = 5
}

struct SharedNotebook {
  1: optional i64 id
  2: optional i32 userId
  3: optional string notebookGuid
  4: optional string email
  5: optional bool notebookModifiable
  7: optional i64 serviceCreated
  8: optional string globalId
  9: optional string username
  10: optional i64 serviceUpdated
  11: optional SharedNotebookPrivilegeLevel privilege
  14: optional i32 sharerUserId
  15: optional string recipientUsername
  16: optional i64 serviceAssigned
  17: optional i32 recipientUserId
  18: optional i64 recipientIdentityId
}

struct Notebook {
  1: optional string guid
  2: optional string name
  5: optional i32 updateSequenceNum
  6: optional bool defaultNotebook
  7: optional i64 serviceCreated
  8: optional i64 serviceUpdated
  11: optional bool published
  12: optional string stack
  13: optional list<i64> sharedNotebookIds
  14: optional list<SharedNotebook> sharedNotebooks
}

// Asking for them --------------------------------------------------------------------------------

struct SyncState {
  1: required i64 currentTime
  2: required i64 fullSyncBefore
  3: required i32 updateCount
  4: optional i64 uploaded
  5: optional i64 userLastUpdated
  6: optional i64 userMaxMessageEventId
}

struct SyncChunk {
  1: required i64 currentTime
  2: optional i32 chunkHighUSN
  3: required i32 updateCount
  4: optional list<Note> notes
  5: optional list<Notebook> notebooks
  6: optional list<Tag> tags
  8: optional list<Resource> resources
  9: optional list<string> expungedNotes
  10: optional list<string> expungedNotebooks
  11: optional list<string> expungedTags
}

struct SyncChunkFilter {
  1: optional bool includeNotes
  2: optional bool includeNoteResources
  3: optional bool includeNoteAttributes
  4: optional bool includeNotebooks
  5: optional bool includeTags
  6: optional bool includeSearches
  7: optional bool includeResources
  8: optional bool includeLinkedNotebooks
  9: optional bool includeExpunged
  10: optional bool includeNoteApplicationDataFullMap
  11: optional string requireNoteContentClass
  12: optional bool includeResourceApplicationDataFullMap
  13: optional bool includeNoteResourceApplicationDataFullMap
  15: optional set<string> notebookGuids
  16: optional bool omitSharedNotebooks
  17: optional bool includeSharedNotes
}

enum NoteSortOrder { CREATED = 1, UPDATED = 2, RELEVANCE = 3, UPDATE_SEQUENCE_NUMBER = 4, TITLE = 5 }

struct NoteFilter {
  1: optional i32 order  // a NoteSortOrder
  2: optional bool ascending
  3: optional string words
  4: optional string notebookGuid
  5: optional list<string> tagGuids
  6: optional string timeZone
  7: optional bool inactive
  8: optional string emphasized
  9: optional bool includeAllReadableNotebooks
  10: optional string context
  11: optional string rawWords
  12: optional binary searchContextBytes
  15: optional bool includeAllReadableWorkspaces
}

struct NotesMetadataResultSpec {
  2: optional bool includeTitle
  5: optional bool includeContentLength
  6: optional bool includeCreated
  7: optional bool includeUpdated
  8: optional bool includeDeleted
  10: optional bool includeUpdateSequenceNum
  11: optional bool includeNotebookGuid
  12: optional bool includeTagGuids
  14: optional bool includeAttributes
  20: optional bool includeLargestResourceMime
  21: optional bool includeLargestResourceSize
}

struct NoteMetadata {
  1: required string guid
  2: optional string title
  5: optional i32 contentLength
  6: optional i64 created
  7: optional i64 updated
  8: optional i64 deleted
  10: optional i32 updateSequenceNum
  11: optional string notebookGuid
  12: optional list<string> tagGuids
  14: optional NoteAttributes attributes
  20: optional string largestResourceMime
  21: optional i32 largestResourceSize
}

struct NotesMetadataList {
  1: required i32 startIndex
  2: required i32 totalNotes
  3: required list<NoteMetadata> notes
  4: optional list<string> stoppedWords
  5: optional list<string> searchedWords
  6: optional i32 updateCount
  7: optional binary searchContextBytes
  9: optional string debugInfo
}

struct NoteResultSpec {
  1: optional bool includeContent
  2: optional bool includeResourcesData
  3: optional bool includeResourcesRecognition
  4: optional bool includeResourcesAlternateData
  5: optional bool includeSharedNotes
  6: optional bool includeNoteAppDataValues
  7: optional bool includeResourceAppDataValues
  8: optional bool includeAccountLimits
}

struct NoteVersionId {
  1: required i32 updateSequenceNum
  2: required i64 updated
  3: required i64 saved
  4: required string title
  5: optional i32 lastEditorId
}

struct UpdateNoteIfUsnMatchesResult {
  1: optional Note note
  2: optional bool updated
}

// The two services -------------------------------------------------------------------------------

service UserStore {
  bool checkVersion(1: string clientName, 2: i16 edamVersionMajor = 1, 3: i16 edamVersionMinor = 28)
  User getUser(1: string authenticationToken)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException)
  UserUrls getUserUrls(1: string authenticationToken)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException)
}

service NoteStore {
  SyncState getSyncState(1: string authenticationToken)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException)
  SyncChunk getFilteredSyncChunk(
    1: string authenticationToken, 2: i32 afterUSN, 3: i32 maxEntries, 4: SyncChunkFilter filter)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException)
  list<Notebook> listNotebooks(1: string authenticationToken)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException)
  list<Tag> listTags(1: string authenticationToken)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException)
  NotesMetadataList findNotesMetadata(
    1: string authenticationToken, 2: NoteFilter filter, 3: i32 offset, 4: i32 maxNotes,
    5: NotesMetadataResultSpec resultSpec)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
      3: EDAMNotFoundException notFoundException)
  Note getNoteWithResultSpec(
    1: string authenticationToken, 2: string guid, 3: NoteResultSpec resultSpec)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
      3: EDAMNotFoundException notFoundException)
  Note getNote(
    1: string authenticationToken, 2: string guid, 3: bool withContent, 4: bool withResourcesData,
    5: bool withResourcesRecognition, 6: bool withResourcesAlternateData)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
      3: EDAMNotFoundException notFoundException)
  string getNoteSearchText(
    1: string authenticationToken, 2: string guid, 3: bool noteOnly, 4: bool tokenizeForIndexing)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
      3: EDAMNotFoundException notFoundException)
  list<string> getNoteTagNames(1: string authenticationToken, 2: string guid)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
      3: EDAMNotFoundException notFoundException)
  Note createNote(1: string authenticationToken, 2: Note note)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
      3: EDAMNotFoundException notFoundException)
  Note updateNote(1: string authenticationToken, 2: Note note)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
      3: EDAMNotFoundException notFoundException)
  i32 deleteNote(1: string authenticationToken, 2: string guid)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
      3: EDAMNotFoundException notFoundException)
  i32 expungeNote(1: string authenticationToken, 2: string guid)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
      3: EDAMNotFoundException notFoundException)
  list<NoteVersionId> listNoteVersions(1: string authenticationToken, 2: string noteGuid)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
      3: EDAMNotFoundException notFoundException)
  Note getNoteVersion(
    1: string authenticationToken, 2: string noteGuid, 3: i32 updateSequenceNum,
    4: bool withResourcesData, 5: bool withResourcesRecognition,
    6: bool withResourcesAlternateData)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
      3: EDAMNotFoundException notFoundException)
  Resource getResource(
    1: string authenticationToken, 2: string guid, 3: bool withData, 4: bool withRecognition,
    5: bool withAttributes, 6: bool withAlternateData)
    throws (1: EDAMUserException userException, 2: EDAMSystemException systemException,
      3: EDAMNotFoundException notFoundException)
  list<SharedNotebook> listSharedNotebooks(1: string authenticationToken)
    throws (1: EDAMUserException userException, 2: EDAMNotFoundException notFoundException,
      3: EDAMSystemException systemException)
  UpdateNoteIfUsnMatchesResult updateNoteIfUsnMatches(1: string authenticationToken, 2: Note note)
    throws (1: EDAMUserException userException, 2: EDAMNotFoundException notFoundException,
      3: EDAMSystemException systemException)
}
