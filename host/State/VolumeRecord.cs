using System.Text.Json.Serialization;
using VSan.Contracts.Api;

namespace VSan.HostAgent.State;

/// <summary>What this host was told to do with one volume, and what it has to remember of it while the station is away (docs/formats.md).</summary>
/// <param name="VolumeId">The volume.</param>
/// <param name="Name">Its name.</param>
/// <param name="MappingId">The mapping by which this host has it.</param>
/// <param name="FileSystem">The filesystem on it; null leaves the device to somebody else.</param>
/// <param name="MountPath">Where it is mounted; null mounts it nowhere.</param>
/// <param name="Connect">How its legs are reached, secrets included.</param>
internal sealed record VolumeRecord(Guid VolumeId, string Name, Guid MappingId, FileSystemKind? FileSystem, string? MountPath, ConnectInfo Connect)
{
    /// <summary>What is known of a mirror's copies; null before it was made, and for other layouts.</summary>
    public MirrorRecord? Mirror { get; init; }

    /// <summary>True: the filesystem was made, or found there; it is never made again.</summary>
    public bool IsFormatted { get; init; }

    /// <summary>Bytes of the disk that the filesystem was made or grown for; 0 while it is not known.</summary>
    public long FileSystemBytes { get; init; }

    /// <summary>How full the filesystem may be, in percent, before more is asked for; null asks for nothing.</summary>
    public int? GrowAtPercent { get; init; }

    /// <summary>How much more is asked for at a time.</summary>
    public long GrowByBytes { get; init; }

    /// <summary>Where the host's secrets stood when <see cref="Connect"/> was read, as <see cref="Station.SecretStand"/> writes it.</summary>
    public string? Secrets { get; init; }

    /// <summary>True: it is being taken out of use here and not put together again.</summary>
    public bool IsDetaching { get; init; }

    /// <summary>Legs of a mirror that the station names no more, until this host has let them go; null for none.</summary>
    public IReadOnlyList<ConnectLeg>? Leaving { get; init; }

    /// <summary>All legs that this host has to do with: the volume's in their order, one that comes, and those that go.</summary>
    [JsonIgnore]
    public IReadOnlyList<ConnectLeg> Legs => [.. Connect.Legs, .. Connect.Incoming is { } incoming ? [incoming] : Array.Empty<ConnectLeg>(), .. Leaving ?? []];

    /// <summary>How many of <see cref="Legs"/> the station wants here; those behind them go.</summary>
    [JsonIgnore]
    public int WantedCount => Connect.Legs.Count + (Connect.Incoming is null ? 0 : 1);

    /// <summary>A leg by its place in <see cref="Legs"/>, for a person.</summary>
    public string NameOf(int index) => index < Connect.Legs.Count ? $"leg {index}" : $"the {(index < WantedCount ? "new" : "former")} leg {Legs[index].Index}";

    /// <summary>The same volume as the station tells of it now: what a mirror had and is not told of goes, and is let go in its order.</summary>
    public VolumeRecord Told(ConnectInfo connect)
    {
        if (connect.Assembly.Method != AssemblyMethod.MdRaid1) return this with { Connect = connect };
        HashSet<string> wanted = [.. (this with { Connect = connect, Leaving = null }).Legs.Select(leg => leg.Naa)];
        ConnectLeg[] leaving = [.. Legs.Where(leg => !wanted.Contains(leg.Naa))];
        return this with { Connect = connect, Leaving = leaving.Length == 0 ? null : leaving };
    }
}

/// <summary>
/// Which copies of a mirror hold everything that was acknowledged, as far as this host has seen. It is durable before a lost copy may come back, so
/// that a copy that missed writes is never taken for the volume (docs/adr/0085).
/// </summary>
/// <param name="Current">NAA names of the copies that are current.</param>
/// <param name="Events">md's count of events when it was last looked at.</param>
/// <param name="IsClean">True: the array was stopped after that, so that all current copies are the same.</param>
internal sealed record MirrorRecord(IReadOnlyList<string> Current, long Events, bool IsClean)
{
    /// <summary>True when both say the same of the copies; events go up by themselves.</summary>
    public bool Agrees(MirrorRecord? other) =>
        other is not null && IsClean == other.IsClean && Current.Order(StringComparer.Ordinal).SequenceEqual(other.Current.Order(StringComparer.Ordinal), StringComparer.Ordinal);
}

/// <summary>Filesystems that the agent makes and grows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FileSystemKind>))]
internal enum FileSystemKind
{
    /// <summary>XFS.</summary>
    Xfs,

    /// <summary>ext4.</summary>
    Ext4,
}

/// <summary>JSON of the state directory.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(VolumeRecord))]
internal sealed partial class StateJson : JsonSerializerContext;
