using System.Text.Json.Serialization;

namespace VSan.Contracts.BlockServer;

/// <summary>Everything that a block server is to serve, whole. It applies it by difference and keeps a copy for its next start.</summary>
/// <param name="Generation">Counts up; an older one is refused.</param>
/// <param name="Portals">
/// Addresses to listen on, <c>address:port</c> or <c>address:port,tag</c> as SendTargets tells them; IPv6 in brackets. Those of one tag are a
/// portal group; without a tag it is 1.
/// </param>
/// <param name="Volumes">The volumes.</param>
/// <param name="Targets">The targets.</param>
public sealed record BlockServerConfiguration(
    long Generation,
    IReadOnlyList<string> Portals,
    IReadOnlyList<VolumeConfiguration> Volumes,
    IReadOnlyList<TargetConfiguration> Targets)
{
    /// <summary>What an initiator must prove before SendTargets tells it anything in a discovery session; null for nothing.</summary>
    public DiscoveryConfiguration? Discovery { get; init; }

    /// <summary>What the unit tests itself by, beside all that; it may come and go within a generation. Null: nothing.</summary>
    public SelfTestConfiguration? SelfTest { get; init; }
}

/// <summary>A volume and a target that are none of the pool's: whoever starts the server tries by them whether it serves.</summary>
/// <param name="Volume">The volume, in memory.</param>
/// <param name="Target">The target that gives it to the one who tries.</param>
public sealed record SelfTestConfiguration(VolumeConfiguration Volume, TargetConfiguration Target);

/// <summary>Authentication of discovery sessions, with secrets of its own.</summary>
/// <param name="Chap">What the initiator must prove.</param>
/// <param name="TargetChap">What this server proves in turn when the initiator asks it to; null: a login that asks is refused.</param>
public sealed record DiscoveryConfiguration(ChapCredential Chap, ChapCredential? TargetChap = null);

/// <summary>One volume.</summary>
/// <param name="Id">Identity, by which <see cref="LogicalUnitConfiguration"/> names it.</param>
/// <param name="Kind">Where the bytes are kept.</param>
/// <param name="Path">The file or device, which must exist and be <paramref name="SizeBytes"/> long; null for memory.</param>
/// <param name="SizeBytes">Capacity; a multiple of <paramref name="BlockSizeBytes"/>.</param>
/// <param name="BlockSizeBytes">512 or 4096.</param>
/// <param name="Thin">
/// True: blocks take space when they are written, and UNMAP gives it back. False (thick): all space is taken before the volume is served, so that no
/// write finds the store full; there is no UNMAP, and no snapshot.
/// </param>
/// <param name="WriteCache">WCE of the caching mode page: false makes every write durable before it is answered.</param>
/// <param name="Naa">NAA 6 name, 32 hexadecimal digits.</param>
/// <param name="SerialNumber">Unit serial number, ASCII.</param>
public sealed record VolumeConfiguration(
    Guid Id,
    VolumeKind Kind,
    string? Path,
    long SizeBytes,
    int BlockSizeBytes,
    bool Thin,
    bool WriteCache,
    string Naa,
    string SerialNumber)
{
    /// <summary>
    /// With <see cref="VolumeKind.Device"/>: the disk that <see cref="Path"/> must lead to, by its WWID, UUID or serial number as the log and inspect
    /// tell it; any other is not served. Null: whatever is there. What a host sees is <see cref="Naa"/> and <see cref="SerialNumber"/>, on any disk.
    /// </summary>
    public string? DeviceIdentity { get; init; }

    /// <summary>
    /// A thin volume in a file warns its initiators (SBC-3, THIN PROVISIONING SOFT THRESHOLD REACHED) and the log once so much of its store is left:
    /// percent of the store's size, 0 to 99. 0: no warning. Null: <see cref="SoftThresholdPercentDefault"/>.
    /// </summary>
    public int? SoftThresholdPercent { get; init; }

    /// <summary>How much may be asked of the volume in a second; null for no limit. A change disturbs no session.</summary>
    public LimitConfiguration? Limits { get; init; }

    /// <summary>A tenth: at 1 GB/s a store of 1 TiB is full less than two minutes later, and at the pace of most days weeks later.</summary>
    public const int SoftThresholdPercentDefault = 10;
}

/// <summary>Limits of a volume. What is beyond waits; other volumes of the same sessions do not.</summary>
/// <param name="MaxIops">Reads, writes and other block requests a second, 1 and up; null for no limit.</param>
/// <param name="MaxBytesPerSecond">Bytes a second, read and written together, 1 and up; null for no limit.</param>
/// <param name="BurstSeconds">How many seconds' worth an idle volume saves up, 1 to 60.</param>
public sealed record LimitConfiguration(long? MaxIops, long? MaxBytesPerSecond, int BurstSeconds = 1);

/// <summary>Where a volume's bytes are kept.</summary>
[JsonConverter(typeof(WireEnumConverter<VolumeKind>))]
public enum VolumeKind
{
    /// <summary>A file on a store.</summary>
    File,

    /// <summary>A whole disk, a partition, a logical volume: a block device below /dev that nobody else uses.</summary>
    Device,

    /// <summary>Memory of the process: for tests and benchmarks, gone with it.</summary>
    Memory,
}

/// <summary>One iSCSI target.</summary>
/// <param name="Name">iSCSI qualified name.</param>
/// <param name="Access">Who may log in, and what each sees.</param>
/// <param name="PortalGroups">Tags of the portal groups that offer it; null for all.</param>
public sealed record TargetConfiguration(string Name, IReadOnlyList<AccessConfiguration> Access, IReadOnlyList<int>? PortalGroups = null)
{
    /// <summary>How it is reached through each portal group; active/optimized where nothing is said. A change is told to every initiator.</summary>
    public IReadOnlyList<PortalGroupState>? PortalGroupStates { get; init; }
}

/// <summary>How a target is reached through one portal group.</summary>
/// <param name="PortalGroup">Its tag.</param>
/// <param name="State">Its asymmetric access state.</param>
public sealed record PortalGroupState(int PortalGroup, AccessState State);

/// <summary>Asymmetric access states of a target port group (SPC-4).</summary>
[JsonConverter(typeof(WireEnumConverter<AccessState>))]
public enum AccessState
{
    /// <summary>The path to take.</summary>
    ActiveOptimized,

    /// <summary>Works, and is to be taken when no optimized one does.</summary>
    ActiveNonOptimized,

    /// <summary>Answers questions about itself and keeps reservations; reads and writes are refused.</summary>
    Standby,

    /// <summary>Answers little more than what it is.</summary>
    Unavailable,

    /// <summary>On the way to another state: initiators try again.</summary>
    Transitioning,
}

/// <summary>One initiator's rights on a target.</summary>
/// <param name="InitiatorName">iSCSI name in lower case; <c>*</c> admits every initiator (benchmarks and conformance runs on loopback only).</param>
/// <param name="Chap">What the initiator must prove; null for nothing.</param>
/// <param name="LogicalUnits">What it sees.</param>
/// <param name="TargetChap">
/// What the target proves in turn when the initiator asks it to (mutual CHAP); another secret than <paramref name="Chap"/> has. Null: a login
/// that asks is refused.
/// </param>
public sealed record AccessConfiguration(
    string InitiatorName,
    ChapCredential? Chap,
    IReadOnlyList<LogicalUnitConfiguration> LogicalUnits,
    ChapCredential? TargetChap = null);

/// <summary>A CHAP user name and its secret (RFC 7143, 12.1.3).</summary>
/// <param name="UserName">CHAP_N.</param>
/// <param name="Secret">At least 12 bytes of ASCII. Never logged.</param>
public sealed record ChapCredential(string UserName, string Secret)
{
    /// <summary>The secret before, which proves as well while it is being replaced; null for none. Never logged.</summary>
    public string? FormerSecret { get; init; }

    /// <summary>Names the user only, so that a log line cannot leak the secret.</summary>
    public override string ToString() => $"ChapCredential {{ UserName = {UserName} }}";
}

/// <summary>One logical unit as one initiator sees it.</summary>
/// <param name="Lun">Number, 0 to 255.</param>
/// <param name="VolumeId">The volume behind it.</param>
/// <param name="ReadOnly">True: writes end in DATA PROTECT.</param>
public sealed record LogicalUnitConfiguration(int Lun, Guid VolumeId, bool ReadOnly);
