using System.Security.Cryptography;
using System.Text;
using AspNetCoreGeneratedDocument;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Events;
using VSan.WebOs.Apps.Hosts;
using VSan.WebOs.Apps.Images;
using VSan.WebOs.Apps.Monitor;
using VSan.WebOs.Apps.Settings;
using VSan.WebOs.Apps.StoragePool;
using VSan.WebOs.Apps.Tasks;
using VSan.WebOs.Apps.Topology;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Apps.Users;
using VSan.WebOs.Apps.Volumes;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Slices;
using PoolUnit = VSan.Contracts.Api.Unit;

namespace VSan.Tests.Unit.WebOs;

/// <summary>Every page with something of each kind on it, rendered by its real template.</summary>
internal static class SamplePages
{
    public const string HostileName = "<img src=x onerror=alert(1)>\"'&";

    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private const long Gib = 1L << 30;

    private static readonly FirstUnitModel s_firstUnit = new("https://station.example:8443", "sha256:0b558d72");

    private static readonly Caller s_admin = Caller.Of("admin", Role.Admin);

    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    private static readonly VolumeChoices s_choices = new(
        [new(IdOf("host"), HostileName, "iqn.2026-11.org.example:db", 1, Now)], [], [new(Guid.Empty, "default", null, null, 0, 0, Now)], [Unit("unit-01", UnitState.Ready)]);

    public static IReadOnlyDictionary<string, Page> All { get; } = new Dictionary<string, Page>
    {
        ["sign-in"] = Anonymous(new apps_sign_in_SignIn { Model = new("", ReturnPath.From(null), null) }),
        ["sign-in-refused"] = Anonymous(new apps_sign_in_SignIn { Model = new(HostileName, ReturnPath.From("/app/units"), Refusal("unauthenticated")) }),
        ["overview"] = Of(App.Overview, new apps_overview_Overview { Model = new(Pool(PoolHealth.Degraded), Units(), Operations(), [new(Guid.Empty, "pool.filling", "pool", AlarmSeverity.Warning, HostileName, Now)], null, new(null, 0), s_firstUnit) }),
        ["overview-empty"] = Of(App.Overview, new apps_overview_Overview { Model = new(EmptyPool, [], [], [], null, new(null, 0), s_firstUnit) }),
        ["units"] = Of(App.Units, UnitPages.List(new(Units(), null), null, s_admin, s_firstUnit, Now)),
        ["units-empty"] = Of(App.Units, UnitPages.List(new([], null), null, s_admin, s_firstUnit, Now)),
        ["unit"] = Of(App.Units, UnitPages.Detail(Unit(HostileName, UnitState.Ready, new UnitCondition("store-small", HostileName)), Safety, [Disk("sda", DiskState.Ours), Disk("sdb", DiskState.Blank)], Trial, s_admin, Outcome.None, Now)),
        ["tokens"] = Of(App.Units, UnitPages.Tokens(new([new("a1b2", true, 3, 2, Now, Now.AddHours(1), HostileName)], null), s_admin, new(Said: UnitPages.TokenMade(new(new("a1b2", true, 1, 1, Now, Now, "admin"), "secret", "sha256:0b558d72"), s_firstUnit)), Now)),
        ["forget"] = Of(App.Units, [UnitPages.Forget(Unit(HostileName, UnitState.Unreachable), Volumes())]),
        ["pool"] = Of(App.Pool, PoolPages.Capacity(Pool(PoolHealth.Degraded), Units()[..1], [new(Guid.Empty, "store.filling", "store/1", AlarmSeverity.Critical, HostileName, Now)], Now)),
        ["policies"] = Of(App.Pool, PoolPages.Policies([new(Guid.Empty, HostileName, "mirror-2", FailureDomain.Rack, "ssd", true, 1.5, new(100, 1 << 20, null), "nightly", Now)], [], s_admin, Outcome.None)),
        ["projects"] = Of(App.Pool, PoolPages.Projects([new(Guid.Empty, HostileName, Gib, 3, 1, 1, Now)], s_admin, Outcome.None)),
        ["topology"] = Of(App.Topology, TopologyPages.Trees(Pool(PoolHealth.Degraded), Units()[..1], Volumes(), Hosts, more: true)),
        ["account"] = Of(App.Users, UserPages.Account(Caller.Of(HostileName, Role.Admin), new(Said: UserPages.Enrolment(new("JBSWY3DP", "otpauth://totp/VSan:admin?secret=JBSWY3DP&issuer=VSan"))))),
        ["users"] = Of(App.Users, UserPages.List(new([Person], null), null, s_admin, Outcome.None, Now)),
        ["user"] = Of(App.Users, UserPages.Detail(Person, s_admin, new(Said: UserPages.Password(new(Person, "made"))))),
        ["roles"] = Of(App.Users, UserPages.Roles(s_admin)),
        ["sessions"] = Of(App.Users, UserPages.Sessions(new([new(Guid.Empty, HostileName, "127.0.0.1", Now, Now.AddHours(1))], "abc"), s_admin, Now)),
        ["access-tokens"] = Of(App.Users, UserPages.Tokens(new([new(Guid.Empty, HostileName, Person.Bindings, Now, Now.AddDays(1), "admin")], null), s_admin, Outcome.None, Now)),
        ["events"] = Of(App.Events, EventPages.Events([new(7, Now, "unit.ready", $"unit/{Guid.Empty}", HostileName)], new Dictionary<string, string> { ["kind"] = HostileName }, "7", s_admin, Now)),
        ["audit"] = Of(App.Events, EventPages.Audit(new([new(1, Now, HostileName, "volume.create", "volume/x", "forbidden", new string('a', 64))], "1"), new Dictionary<string, string>(), s_admin)),
        ["settings"] = Of(App.Settings, SettingsPages.Station("https://station.example", "sha256:0b558d72", Pool(PoolHealth.Degraded) with { Frozen = true }, new(false, [new("clock", FindingSeverity.Error, HostileName, null)]), s_admin, Outcome.None)),
        ["volumes"] = Of(App.Volumes, VolumePages.List(new(Volumes(), 10_000, 3, 100), new(Page: 3), s_admin, s_choices, Outcome.None, null, Now)),
        ["volumes-refused"] = Of(App.Volumes, VolumePages.List(new(Volumes(), 2, 1, 1), new(HostileName), s_admin, s_choices, Refused, Explanation, Now), Refused),
        ["volumes-empty"] = Of(App.Volumes, VolumePages.List(new([], 0, 1, 1), new(), s_admin, s_choices with { Hosts = [] }, Outcome.None, null, Now)),
        ["monitor"] = Of(App.Monitor, [.. MonitorPages.Of(Activity, MonitorRange.All[0], Now), .. MonitorPages.Choices(Units(), [new(Guid.Empty, HostileName, Activity.Points[0])], MonitorRange.All[0])]),
        ["monitor-empty"] = Of(App.Monitor, [.. MonitorPages.Of(new($"unit/{Guid.Empty}", HostileName, 60, []), MonitorRange.All[1], Now), .. MonitorPages.Choices([], [], MonitorRange.All[1])]),
        ["volume"] = Of(App.Volumes, VolumePages.Detail(Volumes()[0] with { Owner = HostileName, Limits = new(100, 1 << 20, null), AllocatedBytes = Gib }, [Snapshot], Hosts, s_admin, Outcome.None, Now)),
        ["volume-trashed"] = Of(App.Volumes, VolumePages.Detail(Volume("old", VolumeState.Trashed) with { PurgeAt = Now.AddHours(3) }, [], Hosts, s_admin, Outcome.None, Now)),
        ["trash"] = Of(App.Volumes, VolumePages.Trash([Volume(HostileName, VolumeState.Trashed) with { PurgeAt = Now.AddHours(3) }], s_admin, Now)),
        ["trash-empty"] = Of(App.Volumes, VolumePages.Trash([], s_admin, Now)),
        ["purge"] = Of(App.Volumes, [VolumePages.Purge(Volumes()[1]).After(Refused)], Refused),
        ["hosts"] = Of(App.Hosts, HostPages.List(new(Hosts, "abc"), null, s_admin, Outcome.None, Now)),
        ["hosts-empty"] = Of(App.Hosts, HostPages.List(new([], null), null, s_admin, Outcome.None, Now)),
        ["host"] = Of(App.Hosts, HostPages.Detail(Hosts[0], Volumes()[0].Mappings, Secrets, new(Hosts[0].Id, Gib, 3, 0, 0), Layers, s_admin, Outcome.None, Now)),
        ["images"] = Of(App.Images, ImagePages.List([new(Guid.Empty, "1.4.0", new string('a', 64), Gib, HostileName, HostileName, Now)], Units(), s_admin, Outcome.None, Now)),
        ["images-empty"] = Of(App.Images, ImagePages.List([], [], s_admin, Outcome.None, Now)),
        ["connect"] = Of(App.Hosts, HostPages.Connect(Volumes()[0].Mappings[0], Connect)),
        ["tasks"] = Of(App.Tasks, TaskPages.List(new(new(Operations(), "abc"), s_none, s_admin, Now))),
        ["tasks-none"] = Of(App.Tasks, TaskPages.List(new(new([], null), new Dictionary<string, string> { ["state"] = "failed", ["subject"] = HostileName }, s_admin, Now))),
        ["tasks-empty"] = Of(App.Tasks, TaskPages.List(new(new([], null), s_none, s_admin, Now))),
        ["error"] = new(HostileName, HostileName, null, new shell_ErrorPage { Model = Refusal("not-found") }),
    };

    public static Pool EmptyPool => new(PoolHealth.Empty, "No unit has joined yet.", 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static Task<string> RenderAsync(string page) => new shell_Layout { Model = All[page] }.RenderAsync();

    public static Pool Pool(PoolHealth health) =>
        new(health, "Degraded: 1 unit is unreachable; 1 volume may be out of reach.", 6144 * Gib, 2396 * Gib, 8192 * Gib, 1024 * Gib, 2, 4, 1, 1234, 1);

    public static PoolUnit Unit(string name, UnitState state, params UnitCondition[] conditions) => new(
        IdOf(name), name, state, "K7QF-M2XA", ["10.0.0.21", "10.0.1.21"], ["10.0.0.21:3260", "10.0.1.21:3260"],
        [new(Guid.Empty, "store-0", 1536 * Gib, 599 * Gib, 2048 * Gib)], 1536 * Gib, 599 * Gib, 2048 * Gib, 7, 7, 3, "0.1.0", conditions,
        Now.AddDays(-3), state == UnitState.Pending ? null : Now.AddSeconds(-1), 1840);

    public static Volume Volume(string name, VolumeState state, params Mapping[] mappings) => new(
        IdOf(name), name, 512 * Gib, 512, true, "single", state,
        [new(Guid.Empty, 0, LegRole.Whole, Guid.Empty, "unit-01", Guid.Empty, 512 * Gib, "600b342f7c1f83de0d6c49b19d0c5f6d", state != VolumeState.Degraded)], mappings, Now.AddHours(-5));

    public static Operation Operation(string title, OperationState state) => new(
        IdOf(title), "volume.create", title, state, 40, "Waits for unit-01 to serve it.",
        [new("Reserve space", OperationStepState.Done, 1), new("Configure the unit", OperationStepState.Running, 2), new("Check that it is served", OperationStepState.Waiting, 0)],
        Guid.Empty, "admin", state is OperationState.Queued or OperationState.Running,
        state == OperationState.Failed ? Refusal("pool-full") : null, Now.AddMinutes(-4),
        state is OperationState.Succeeded or OperationState.Failed or OperationState.Cancelled ? Now.AddMinutes(-3) : null);

    public static PoolUnit[] Units() =>
    [
        Unit("unit-01", UnitState.Ready), Unit("unit-02", UnitState.Ready, new UnitCondition("store-small", "Store store-0 has less than 10 % left.")),
        Unit("unit-03", UnitState.Unreachable), Unit("unit-04", UnitState.Suspect), Unit("unit-05", UnitState.Joining),
        Unit(HostileName, UnitState.Pending) with { CapacityBytes = 0, FreeBytes = 0, PromisedBytes = 0, Portals = [], Stores = [] },
    ];

    // A step that nobody told of, and one without commands.
    private static HostReport Layers => new(
    [
        new(IdOf("layer"), HostVolumeState.Degraded, [new(0, HostLegState.Current) { Disk = "sda" }, new(1, HostLegState.Syncing) { IsPassing = true }])
        {
            VolumeName = HostileName, Device = "/dev/md/db", MountPath = HostileName, SyncPercent = 40, Message = HostileName, NextAction = "Wait.",
        },
    ])
    {
        ReportedAt = Now,
    };

    public static ActivityHistory Activity => new($"volume/{Guid.Empty}", HostileName, 5,
        [new(Now.AddSeconds(-30), 12.5, 3, 51_200, 12_288, 85e-6, 0.0123, Gib), new(Now.AddSeconds(-15), 0, 0, 0, 0, null, null, null), new(Now.AddSeconds(-10), 40_000, 3, 1L << 30, 0, 0.0009, 1.5, Gib)]);

    public static Volume[] Volumes() =>
    [
        Volume("db-01", VolumeState.Ready, Mapping("db-server", 0, MappingState.Active), Mapping("backup", 4, MappingState.Pending)),
        Volume(HostileName, VolumeState.Degraded), Volume("archive-2026", VolumeState.Creating), Volume("scratch", VolumeState.Deleting), Volume("vm-images", VolumeState.Failed),
    ];

    private static Operation[] Operations() =>
    [
        Operation("Create volume db-02", OperationState.Running), Operation($"Create volume {HostileName}", OperationState.Cancelling), Operation("Map db-01 to db-server", OperationState.Queued),
        Operation("Create volume stuck", OperationState.NeedsOperator), Operation("Create volume big-01", OperationState.Failed), Operation("Create volume db-01", OperationState.Succeeded), Operation("Delete volume old", OperationState.Cancelled),
    ];

    private static Host[] Hosts => [new(Guid.Parse("0d9b1f3e-2222-4c39-8d4e-5f6d1f0a0004"), HostileName, "iqn.2026-11.org.example:db", 1, Now)];

    private static SafeToStop Safety => new(
        IdOf("unit"), "unit-01", false, "One volume would be out of reach.", [new(IdOf("v"), HostileName, StopEffect.Lost, [HostileName]), new(IdOf("w"), "w", StopEffect.Degraded, []), new(IdOf("x"), "x", StopEffect.Unmapped, [])], [], null);

    private static DiskClaimResult Trial => new([new(Disk("sdb", DiskState.Blank), true, "It is blank."), new(Disk("sdc", DiskState.Foreign), false, HostileName)], []);

    private static User Person => new(IdOf("person"), HostileName, [new(Role.StorageAdmin, "project:web"), new(Role.Viewer, "all")], false, true, Now);

    private static Disk Disk(string name, DiskState state) =>
        new(name, IdOf("unit"), "unit-01", $"/dev/{name}", HostileName, "serial", "wwn", Gib, DiskMedia.Nvme, "live", state, null, state == DiskState.Ours ? IdOf("store") : null, state == DiskState.Ours);

    private static Outcome Refused => new(Refusal("invalid-field"), VolumeForms.NewId, new FormValues(new FormCollection(new Dictionary<string, StringValues> { ["name"] = HostileName, ["size"] = "64" })));

    private static PlacementExplanation Explanation => new(
        false, "The pool is full.", "single", Gib, Gib / 2,
        [new(Guid.Empty, "unit-01", Guid.Empty, "store-0", 0, null, Gib, 0.5, 1), new(Guid.Empty, HostileName, Guid.Empty, "store-0", null, "It is cordoned.", 0, null, null), new(Guid.Empty, "unit-03", Guid.Empty, "store-0", null, null, Gib, 0.6, 0)]);

    private static Snapshot Snapshot => new(Guid.Parse("0d9b1f3e-4444-4c39-8d4e-5f6d1f0a0004"), HostileName, Guid.Empty, "db-01", Guid.Empty, Gib, Gib, SnapshotState.Ready, null, Now, Now);

    private static HostSecrets Secrets => new(Hosts[0].Id, 30, [new(Guid.Empty, HostileName, Now, true, Now, Now.AddDays(7)), new(Guid.Empty, "unit-02", Now, true, null, null), new(Guid.Empty, "unit-03", Now, false, null, null)]);

    private static ConnectInfo Connect => new(
        "iqn.2026-11.org.example:db", Guid.Empty, HostileName, false, new(AssemblyMethod.MdRaid1, Gib, null, 4 << 20),
        [ConnectLeg(0), ConnectLeg(1) with { TargetChapUser = "target", TargetChapSecret = "secret" }]);

    private static ConnectLeg ConnectLeg(int index) => new(index, $"iqn.2026-11.io.vsan-appliance:unit.{index}", ["10.0.0.21:3260"], 4, Gib, "600b342f7c1f83de0d6c49b19d0c5f6d", "serial", "user", "secret");

    private static Problem Refusal(string code) =>
        ProblemCatalog.Describe(code, "The pool has 1 TiB of 512 GiB left.", "Add a unit, or ask for less.", [new("/name", "must begin with a letter or a digit.")]);

    private static Mapping Mapping(string host, int lun, MappingState state) =>
        new(IdOf(host), Guid.Empty, "db-01", Guid.Empty, host, false, state,
            [new(0, Guid.Empty, Guid.Empty, "unit-01", lun, "iqn.2026-11.io.vsan-appliance:unit.0b5ad1c41f43", ["10.0.0.21:3260"])]);

    private static Guid IdOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    private static Page Of(App app, IReadOnlyList<Part> parts, Outcome? outcome = null) => AppPage.Of("admin", app, app.Name, parts, outcome ?? Outcome.None);

    private static Page Of(App app, Slice body) => new(app.Name, "admin", app, body);

    private static Page Anonymous(Slice body) => new("Sign in", null, null, body);
}
