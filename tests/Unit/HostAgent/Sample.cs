using VSan.Contracts.Api;
using VSan.HostAgent.Found;
using VSan.HostAgent.Planning;
using VSan.HostAgent.State;

namespace VSan.Tests.Unit.HostAgent;

/// <summary>A volume of a host, and what it may find of it.</summary>
internal static class Sample
{
    public const long MiB = 1L << 20;
    public const long SizeBytes = 64 * MiB;
    public const string Path = "/srv/db";
    public const string Secret = "a-secret-of-24-characters";

    public static readonly Guid VolumeId = Guid.Parse("0011223344556677889900aabbccddee");

    public static VolumeRecord Mirror(int legs = 2) => new(VolumeId, "db", Guid.NewGuid(), FileSystemKind.Xfs, Path, Info(AssemblyMethod.MdRaid1, legs, SizeBytes, 4 * MiB));

    public static VolumeRecord Single() => new(VolumeId, "db", Guid.NewGuid(), FileSystemKind.Xfs, Path, Info(AssemblyMethod.None, 1, SizeBytes));

    public static VolumeRecord Stripe() => new(VolumeId, "db", Guid.NewGuid(), FileSystemKind.Xfs, Path, Info(AssemblyMethod.DmStriped, 2, 2 * SizeBytes));

    public static string Naa(int leg) => $"6{leg:D31}";

    public static string Disk(int leg) => $"sd{(char)('a' + leg)}";

    /// <summary>A leg whose session stands; its disk holds that, or is absent.</summary>
    public static FoundLeg Leg(int leg, DiskContent? content, bool isHere = true, int recoverySeconds = SessionTimers.MirrorSeconds, long sizeBytes = SizeBytes + (4 * MiB)) =>
        new([Portal(leg, recoverySeconds)], isHere ? new FoundDisk(Disk(leg), Naa(leg), sizeBytes, IsRunning: true) { Content = content } : null);

    public static FoundLeg NothingYet(int leg) => new([new FoundPortal(Address(leg), HasRecord: false, RecordAgrees: false, Session: null)], null);

    public static FoundPortal Portal(int leg, int recoverySeconds, bool isLoggedIn = true) =>
        new(Address(leg), HasRecord: true, RecordAgrees: true, new FoundSession(leg, Target(leg), Address(leg), isLoggedIn, recoverySeconds));

    public static DiskContent Copy(long events) => new DiskContent.Member(VolumeId, events);

    public static FoundArray Array(params MemberState[] states) =>
        new("md127", SizeBytes, "clean", states.Length, [.. states.Select((state, leg) => new FoundMember(Disk(leg), state))], null);

    public static FoundVolume Found(FoundLeg[] legs, FoundArray? array = null, DiskContent? content = null, bool isMounted = false) =>
        new(legs, array, null, content, isMounted ? new FoundMount(Path, SizeBytes, SizeBytes / 2) : null) { IsGuarded = true };

    public static string[] Texts(HostPlan plan) => [.. plan.Steps.Select(step => step.ToString())];

    public static HostPlan Plan(VolumeRecord record, FoundVolume found) => Planner.Plan(record, found, [record]);

    private static ConnectInfo Info(AssemblyMethod method, int legs, long sizeBytes, long? offset = null) => new(
        "iqn.2026-11.io.example:host", VolumeId, "db", ReadOnly: false, new Assembly(method, sizeBytes, method == AssemblyMethod.DmStriped ? 256 * 1024 : null, offset),
        [.. Enumerable.Range(0, legs).Select(leg => new ConnectLeg(leg, Target(leg), [Address(leg)], 1, (sizeBytes / (method == AssemblyMethod.DmStriped ? legs : 1)) + (offset ?? 0), Naa(leg), $"serial-{leg}", "user", Secret))]);

    private static string Target(int leg) => $"iqn.2026-11.io.example:unit-{leg}";

    private static string Address(int leg) => $"10.0.0.{leg + 1}:3260";
}
