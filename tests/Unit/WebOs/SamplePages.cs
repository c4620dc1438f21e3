using System.Security.Cryptography;
using System.Text;
using AspNetCoreGeneratedDocument;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Apps.Volumes;
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

    private static readonly Rights s_all = new(Caller.Of("admin", Role.Admin));

    public static IReadOnlyDictionary<string, Page> All { get; } = new Dictionary<string, Page>
    {
        ["sign-in"] = Anonymous(new apps_sign_in_SignIn { Model = new("", ReturnPath.From(null), null) }),
        ["sign-in-refused"] = Anonymous(new apps_sign_in_SignIn { Model = new(HostileName, ReturnPath.From("/app/units"), Refusal("unauthenticated")) }),
        ["overview"] = Of(App.Overview, new apps_overview_Overview { Model = new(Pool(PoolHealth.Degraded), Units(), [Operations()[0]], s_firstUnit, Now) }),
        ["overview-empty"] = Of(App.Overview, new apps_overview_Overview { Model = new(EmptyPool, [], [], s_firstUnit, Now) }),
        ["units"] = Of(App.Units, new apps_units_Units { Model = new(new(Units(), null), null, s_all, null, s_firstUnit, Now) }),
        ["units-empty"] = Of(App.Units, new apps_units_Units { Model = new(new([], null), null, s_all, null, s_firstUnit, Now) }),
        ["volumes"] = Of(App.Volumes, new apps_volumes_Volumes { Model = new(new(Volumes(), "abc"), null, Hosts, s_all, new(), Now) }),
        ["volumes-refused"] = Of(App.Volumes, new apps_volumes_Volumes { Model = new(new(Volumes(), null), HostileName, Hosts, s_all, RefusedForm, Now) }),
        ["volumes-empty"] = Of(App.Volumes, new apps_volumes_Volumes { Model = new(new([], null), null, [], s_all, new(), Now) }),
        ["delete"] = Of(App.Volumes, new apps_volumes_DeleteVolume { Model = new(Volumes()[1], Refusal("invalid-field")) }),
        ["delete-mapped"] = Of(App.Volumes, new apps_volumes_DeleteVolume { Model = new(Volumes()[0], null) }),
        ["tasks"] = Of(App.Tasks, new apps_tasks_Tasks { Model = new(new(Operations(), null), s_all, null, Now) }),
        ["tasks-empty"] = Of(App.Tasks, new apps_tasks_Tasks { Model = new(new([], null), s_all, null, Now) }),
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

    public static Volume[] Volumes() =>
    [
        Volume("db-01", VolumeState.Ready, Mapping("db-server", 0, MappingState.Active), Mapping("backup", 4, MappingState.Pending)),
        Volume(HostileName, VolumeState.Degraded), Volume("archive-2026", VolumeState.Creating), Volume("scratch", VolumeState.Deleting), Volume("vm-images", VolumeState.Failed),
    ];

    private static Operation[] Operations() =>
    [
        Operation("Create volume db-02", OperationState.Running), Operation($"Create volume {HostileName}", OperationState.Cancelling), Operation("Map db-01 to db-server", OperationState.Queued),
        Operation("Create volume big-01", OperationState.Failed), Operation("Create volume db-01", OperationState.Succeeded), Operation("Delete volume old", OperationState.Cancelled),
    ];

    private static Host[] Hosts => [new(Guid.Parse("0d9b1f3e-2222-4c39-8d4e-5f6d1f0a0004"), HostileName, "iqn.2026-11.org.example:db", 1, Now)];

    private static NewVolumeForm RefusedForm => new NewVolumeForm(HostileName, "64", "GiB").Refused(Refusal("invalid-field"));

    private static Problem Refusal(string code) =>
        ProblemCatalog.Describe(code, "The pool has 1 TiB of 512 GiB left.", "Add a unit, or ask for less.", [new("/name", "must begin with a letter or a digit.")]);

    private static Mapping Mapping(string host, int lun, MappingState state) =>
        new(Guid.Parse("3f6d1f0a-3333-4c39-8d4e-5f6d1f0a0005"), Guid.Empty, "db-01", Guid.Empty, host, false, state,
            [new(0, Guid.Empty, Guid.Empty, "unit-01", lun, "iqn.2026-11.io.vsan-appliance:unit.0b5ad1c41f43", ["10.0.0.21:3260"])]);

    private static Guid IdOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    private static Page Of(App app, Slice body) => new(app.Name, "admin", app, body);

    private static Page Anonymous(Slice body) => new("Sign in", null, null, body);
}
