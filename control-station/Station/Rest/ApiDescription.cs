using System.Text.Json.Serialization.Metadata;
using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary>What an address of the API is for, as docs/openapi.json tells it.</summary>
/// <param name="Summary">One sentence.</param>
/// <param name="Answer">What a success holds, or null for 204.</param>
/// <param name="Body">What the request holds, or null.</param>
/// <param name="Status">Of a success.</param>
internal sealed record AddressDescription(string Summary, JsonTypeInfo? Answer = null, JsonTypeInfo? Body = null, int Status = 200)
{
    /// <summary>Parameters of the address besides its path.</summary>
    public IReadOnlyCollection<string> Query { get; init; } = [];

    /// <summary>True when the body is a file.</summary>
    public bool TakesFile { get; init; }

    /// <summary>True for a question that is asked by POST: it changes nothing, so that a key or a dry run would mean nothing.</summary>
    public bool IsQuestion { get; init; }
}

/// <summary>One line for each address of the API; a test holds it against the addresses that there are, and docs/openapi.json against both.</summary>
internal static class ApiDescription
{
    private const int Created = StatusCodes.Status201Created;
    private const int Accepted = StatusCodes.Status202Accepted;
    private const int NoContent = StatusCodes.Status204NoContent;

    private static readonly ApiJson Json = ApiJson.Default;

    /// <summary>By method and pattern below the root.</summary>
    public static IReadOnlyDictionary<string, AddressDescription> All { get; } = new Dictionary<string, AddressDescription>(StringComparer.Ordinal)
    {
        ["GET /pool"] = new("The pool in numbers and one sentence.", Json.Pool),
        ["PATCH /pool"] = new("Change what is set for the whole pool; what is left out stays.", Json.Pool, Json.PoolChange),
        ["POST /pool:thaw"] = Verb("Let the station act again by itself.", Json.Pool),

        ["POST /pool:import"] = new("Make volumes, hosts and mappings again of what units keep beside their legs.", Json.ImportReport, Json.ImportRequest),
        ["GET /plan"] = Page("What each unit is to serve, against what it has reached.", Json.PlanPage, ["document"], named: true),

        ["GET /orphans"] = Page("Legs that no volume knows, in pages of units.", Json.OrphanPage, [], named: true),
        ["POST /orphans/{id}:adopt"] = new("Make a volume again of an orphan and the other legs that its volume had.", Json.Volume, Json.OrphanAdopt, Created),
        ["DELETE /orphans/{id}"] = new("Let a unit delete an orphan.", Json.Orphan, Status: Accepted),

        ["GET /alarms"] = Page("The alarms.", Json.AlarmPage, [], named: false),
        ["POST /placements:explain"] = new("Why each store would or would not be given a volume.", Json.PlacementExplanation, Json.VolumeCreate) { IsQuestion = true },

        ["GET /projects"] = Page("The projects and their quotas.", Json.ProjectPage, [], named: true),
        ["POST /projects"] = new("Make a project.", Json.Project, Json.ProjectCreate, Created),
        ["PUT /projects/{name}"] = new("Change a project's quotas.", Json.Project, Json.ProjectCreate),
        ["DELETE /projects/{name}"] = new("Remove a project without volumes.", Status: NoContent),

        ["GET /policies"] = Page("The policies.", Json.PolicyPage, [], named: true),
        ["POST /policies"] = new("Make a policy.", Json.Policy, Json.PolicyCreate, Created),
        ["GET /policies/{id}"] = new("One policy.", Json.Policy),
        ["PUT /policies/{id}"] = new("Change a policy.", Json.Policy, Json.PolicyCreate),
        ["DELETE /policies/{id}"] = new("Remove a policy.", Status: NoContent),

        ["GET /posts"] = Page("What was posted to you or by you, the newest first.", Json.PostPage, ListFilters.Posts.Names, named: false),
        ["POST /posts"] = new("Post a note, an object or a task to a person, to those of a role, or to everyone.", Json.Post, Json.PostCreate, Created),
        ["POST /posts/{id}:done"] = new("Say that what a post asks for is done.", Json.Post),
        ["DELETE /posts/{id}"] = new("Take a post away.", Status: NoContent),

        ["GET /trash"] = new("The volumes in the trash.", Json.VolumePage),
        ["POST /trash:empty"] = new("Destroy what is in the trash.", Json.OperationPage, Status: Accepted),

        ["GET /units"] = Page("The units.", Json.UnitPage, ListFilters.Units.Names, named: true),
        ["GET /units/{id}"] = new("One unit.", Json.Unit),
        ["DELETE /units/{id}"] = new("Forget a unit.", Status: NoContent) { Query = ["abandon"] },
        ["POST /units/{id}:approve"] = Verb("Admit a unit that waits.", Json.Unit),
        ["POST /units/{id}:cordon"] = Verb("Place nothing new on a unit.", Json.Unit),
        ["POST /units/{id}:uncordon"] = Verb("Place on a unit again.", Json.Unit),
        ["POST /units/{id}:drain"] = Work(new("Empty a unit: its legs move to others.", Json.Operation, Status: Accepted)),
        ["POST /units/{id}:retire"] = Verb("Take an empty unit out of service for good.", Json.Unit),
        ["POST /units/{id}:discard"] = Verb("Give up what was orphaned on a unit.", Json.Unit),
        ["GET /units/{id}/safe-to-stop"] = new("What stopping a unit now would do.", Json.SafeToStop),
        ["POST /units/{id}:maintenance"] = new("Begin or end maintenance of a unit.", Json.SafeToStop, Json.MaintenanceSet),
        ["POST /units/{id}:update"] = Work(new("Start a unit with another image.", Json.Operation, Json.UnitUpdateRequest, Accepted)),

        ["GET /images"] = Page("The versions of the appliance that the station keeps.", Json.ImagePage, [], named: true),
        ["GET /images/{id}"] = new("One version of the appliance.", Json.Image),
        ["PUT /images/{digest}"] = new("Add a version of the appliance: its signed kernel image, by its SHA-256 digest.", Json.Image, Status: Created) { TakesFile = true },
        ["DELETE /images/{id}"] = new("Remove a version of the appliance.", Status: NoContent),
        ["POST /units/{id}:label"] = new("Set a unit's labels.", Json.Unit, Json.LabelSet),

        ["POST /units/{id}:weight"] = new("Set a unit's share of new legs; 0 makes it a spare.", Json.Unit, Json.WeightSet),
        ["GET /stores"] = Page("The stores of the pool.", Json.StorePage, [], named: false),

        ["GET /disks"] = Page("The disks, in pages of units.", Json.DiskPage, [], named: true),
        ["POST /disks:claim"] = new("Give blank disks to the pool, or say which could be.", Json.DiskClaimResult, Json.DiskClaimCreate, Accepted),
        ["POST /disks:release"] = new("Take a disk back whose store is empty.", Body: Json.DiskRelease, Status: NoContent),
        ["GET /claim-rules"] = Page("The rules by which disks are claimed.", Json.ClaimRulePage, [], named: true),
        ["POST /claim-rules"] = new("Make a rule by which disks are claimed.", Json.ClaimRule, Json.ClaimRuleCreate, Created),
        ["DELETE /claim-rules/{id}"] = new("Remove a rule; what it claimed stays.", Status: NoContent),

        ["GET /tokens"] = Page("The enrolment tokens, without their secrets.", Json.TokenPage, [], named: true),
        ["POST /tokens"] = new("Make an enrolment token; its secret is shown once.", Json.TokenCreated, Json.TokenCreate, Created),
        ["DELETE /tokens/{id}"] = new("Revoke an enrolment token.", Status: NoContent),

        ["GET /hosts"] = Page("The hosts.", Json.HostPage, ListFilters.Hosts.Names, named: true),
        ["POST /hosts"] = new("Make a host known.", Json.Host, Json.HostCreate, Created),
        ["GET /hosts/{id}"] = new("One host.", Json.Host),
        ["DELETE /hosts/{id}"] = new("Remove a host without mappings.", Status: NoContent),

        ["GET /hosts/{id}/secrets"] = new("Where the CHAP secrets of a host stand on each unit; never the secrets.", Json.HostSecrets),
        ["POST /hosts/{id}:revoke-certificate"] = Verb("Take a host's certificate from it, at once.", Json.Host),
        ["POST /hosts/{id}:rotate-secret"] = new("Replace the CHAP secrets of a host.", Json.HostSecrets, Json.SecretRotate),
        ["GET /hosts/{id}/quota"] = new("What a host may ask for by itself.", Json.HostQuota),
        ["GET /hosts/{id}/report"] = new("What a host's agent said last of its volumes.", Json.HostReport),
        ["PUT /hosts/{id}/report"] = new("What a host's agent has made of its volumes; it says so itself.", Json.HostReport, Json.HostReport),
        ["PUT /hosts/{id}/quota"] = new("Say what a host may ask for by itself.", Json.HostQuota, Json.HostQuotaSpec),

        ["GET /schedules"] = Page("The schedules of snapshots.", Json.SchedulePage, [], named: true),
        ["POST /schedules"] = new("Make a schedule.", Json.Schedule, Json.ScheduleSpec, Created),
        ["GET /schedules/{id}"] = new("One schedule.", Json.Schedule),
        ["PUT /schedules/{id}"] = new("Change a schedule.", Json.Schedule, Json.ScheduleSpec),
        ["DELETE /schedules/{id}"] = new("Remove a schedule; its snapshots stay.", Status: NoContent),

        ["GET /volumes"] = Page("The volumes.", Json.VolumePage, ListFilters.Volumes.Names, named: true),
        ["POST /volumes"] = Work(new("Make a volume, and map it when a host is named.", Json.VolumeAccepted, Json.VolumeCreate, Created)),
        ["GET /volumes/{id}"] = new("One volume with its legs and mappings.", Json.Volume),
        ["PATCH /volumes/{id}"] = new("Change the limits of a volume; its hosts go on meanwhile.", Json.Volume, Json.VolumeChange),
        ["DELETE /volumes/{id}"] = new("Put a volume into the trash.", Json.Volume) { Query = ["delay"] },
        ["POST /volumes/{id}:restore"] = Verb("Take a volume out of the trash.", Json.Volume),
        ["POST /volumes/{id}:purge"] = Work(new("Destroy a volume at once.", Json.Operation, Status: Accepted)),
        ["POST /volumes/{id}:expand"] = Work(new("Make a volume larger.", Json.Operation, Json.VolumeExpand, Accepted)),
        ["POST /volumes/{id}:move"] = Work(new("Move a leg of a volume to another unit; of a volume that a host has, a mirror's host replaces it.", Json.Operation, Json.VolumeMove, Accepted)),

        ["GET /snapshots"] = Page("The snapshots.", Json.SnapshotPage, [], named: false),
        ["POST /snapshots"] = Work(new("Snapshot several volumes at one moment.", Json.SnapshotsAccepted, Json.SnapshotGroupCreate, Created)),
        ["GET /snapshots/{id}"] = new("One snapshot.", Json.Snapshot),
        ["DELETE /snapshots/{id}"] = Work(new("Remove a snapshot.", Json.Operation, Status: Accepted)),
        ["POST /snapshots/{id}:clone"] = Work(new("Make a volume of a snapshot.", Json.VolumeAccepted, Json.SnapshotClone, Created)),
        ["GET /volumes/{id}/snapshots"] = Page("The snapshots of a volume.", Json.SnapshotPage, [], named: false),
        ["POST /volumes/{id}/snapshots"] = Work(new("Snapshot a volume.", Json.SnapshotsAccepted, Json.SnapshotCreate, Created)),

        ["GET /service-kinds"] = new("The kinds of service, and how each unit describes itself for them.", Json.ServiceKindPage),
        ["GET /shares"] = Page("The shares.", Json.SharePage, ListFilters.Shares.Names, named: true),
        ["POST /shares"] = Work(new("Make a share.", Json.ShareAccepted, Json.ShareCreate, Created)),
        ["POST /shares:explain"] = new("Why each store would or would not be given a share.", Json.PlacementExplanation, Json.ShareCreate) { IsQuestion = true },
        ["GET /shares/{id}"] = new("One share with whom it lets in.", Json.Share),
        ["DELETE /shares/{id}"] = Work(new("Destroy a share with its files.", Json.Operation, Status: Accepted)),
        ["POST /shares/{id}:bind"] = Work(new("Let a host or a user in to a share; the password is shown once.", Json.ShareBound, Json.ShareBind, Accepted)),
        ["POST /shares/{id}:release"] = Work(new("Take a share from who was let in.", Json.Operation, Json.ShareRelease, Accepted)),

        ["GET /mappings"] = Page("The mappings.", Json.MappingPage, ListFilters.Mappings.Names, named: false),
        ["POST /mappings"] = Work(new("Let a host use a volume.", Json.MappingAccepted, Json.MappingCreate, Created)),
        ["GET /mappings/{id}"] = new("One mapping.", Json.Mapping),
        ["DELETE /mappings/{id}"] = Work(new("Take a volume from a host.", Json.Operation, Status: Accepted)),
        ["GET /mappings/{id}/connect-info"] = new("What the host's initiator is configured with, its secret included; each reading is audited.", Json.ConnectInfo),

        ["GET /operations"] = Page("The operations, newest first.", Json.OperationPage, ListFilters.Operations.Names, named: false),
        ["GET /operations/{id}"] = Work(new("One operation.", Json.Operation)),
        ["POST /operations/{id}:retry"] = Verb("Let an operation that needs a person go on.", Json.Operation),
        ["POST /operations/{id}:cancel"] = Verb("Ask an operation to stop and to undo what it did.", Json.Operation),

        ["GET /metrics/history"] = new("What was done lately to the pool, a unit or a volume, in steps of time.", Json.ActivityHistory) { Query = ["subject", "range"] },
        ["GET /metrics/busiest"] = new("The volumes that are used most at the moment.", Json.BusyVolumePage) { Query = ["limit"] },

        ["GET /doctor"] = new("What is wrong with the station, and what to do about it.", Json.Diagnosis),
        ["GET /events"] = new("What happens, as server-sent events, from now or after Last-Event-ID.", Json.PoolEvent) { Query = ["kind", "subject"] },

        ["GET /roles"] = new("The roles and their actions.", Json.RolePage),
        ["GET /users"] = Page("The users.", Json.UserPage, [], named: true),
        ["POST /users"] = new("Make a user; a password that the station makes is shown once.", Json.UserPassword, Json.UserCreate, Created),
        ["GET /users/{id}"] = new("One user.", Json.User),
        ["PATCH /users/{id}"] = new("Change a user's roles, or disable the user.", Json.User, Json.UserChange),
        ["DELETE /users/{id}"] = new("Remove a user.", Status: NoContent),
        ["POST /users/{id}:reset-password"] = new("Give a user a new password.", Json.UserPassword, Json.PasswordReset),
        ["POST /users/{id}:reset-totp"] = Verb("Take a lost authenticator from a user.", Json.User),
        ["POST /account:change-password"] = new("Change the caller's own password.", Body: Json.PasswordChange, Status: NoContent),
        ["POST /account:enrol-totp"] = Verb("Get a secret for an authenticator.", Json.TotpEnrolment),
        ["POST /account:confirm-totp"] = new("Confirm the authenticator by one of its codes, and get recovery codes.", Json.TotpRecovery, Json.TotpCode),
        ["POST /account:remove-totp"] = new("Remove the authenticator by one of its codes.", Body: Json.TotpCode, Status: NoContent),

        ["POST /sessions"] = new("Sign in.", Json.SessionCreated, Json.SessionCreate, Created),
        ["GET /sessions"] = Page("Who is signed in.", Json.SessionPage, ListFilters.Sessions.Names, named: false),
        ["DELETE /sessions/{id}"] = new("End a session.", Status: NoContent),
        ["GET /sessions/current"] = new("Who the caller is.", Json.SessionCurrent),
        ["DELETE /sessions/current"] = new("Sign out.", Status: NoContent),

        ["GET /access-tokens"] = Page("The access tokens, without their secrets.", Json.AccessTokenPage, [], named: true),
        ["POST /access-tokens"] = new("Make an access token; its secret is shown once.", Json.AccessTokenCreated, Json.AccessTokenCreate, Created),
        ["DELETE /access-tokens/{id}"] = new("Revoke an access token.", Status: NoContent),

        ["GET /audit"] = new("The audit log, newest first.", Json.AuditPage) { Query = ["limit", "cursor", "who", "action", "subject", "outcome", "since", "until"] },
        ["GET /audit:verify"] = new("Whether the audit log is whole.", Json.AuditVerification) { Query = ["number", "hash"] },
    };

    /// <summary>Method and pattern of an address, as <see cref="All"/> has it.</summary>
    public static string KeyOf(RouteEndpoint address)
    {
        string method = address.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0];
        return $"{method} {address.RoutePattern.RawText![RestApi.Root.Length..].Replace(":guid}", "}", StringComparison.Ordinal)}";
    }

    private static AddressDescription Verb(string summary, JsonTypeInfo answer) => new(summary, answer);

    private static AddressDescription Page(string summary, JsonTypeInfo answer, IReadOnlyCollection<string> filters, bool named) =>
        new(summary, answer) { Query = [.. (string[])["limit", "cursor"], .. named ? (string[])["name"] : [], .. filters] };

    private static AddressDescription Work(AddressDescription address) => address with { Query = [.. address.Query, "wait"] };
}
