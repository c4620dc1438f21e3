namespace VSan.HostAgent.Found;

/// <summary>What this host has of one volume at this moment.</summary>
/// <param name="Legs">Each leg, in the volume's order.</param>
/// <param name="Array">The md array that carries the volume's id, or null.</param>
/// <param name="Map">The map of the device mapper that carries the volume's id, or null.</param>
/// <param name="Content">What lies on the whole disk; null while there is none.</param>
/// <param name="Mount">Where it is mounted; null when it is not.</param>
internal sealed record FoundVolume(IReadOnlyList<FoundLeg> Legs, FoundArray? Array, FoundMap? Map, DiskContent? Content, FoundMount? Mount)
{
    /// <summary>What another filesystem occupies, should the wanted mount point be taken.</summary>
    public string? MountPointTakenBy { get; init; }

    /// <summary>The file that keeps udev's hands off the legs is in place.</summary>
    public bool IsGuarded { get; init; }
}

/// <summary>One leg as this host has it.</summary>
/// <param name="Portals">Each portal of its unit.</param>
/// <param name="Disk">The disk of the leg's NAA name; null while the kernel has none.</param>
internal sealed record FoundLeg(IReadOnlyList<FoundPortal> Portals, FoundDisk? Disk);

/// <summary>One way to a target.</summary>
/// <param name="Portal">Its address.</param>
/// <param name="HasRecord">open-iscsi has a node record of it.</param>
/// <param name="RecordAgrees">The record says what it should: secrets and timers.</param>
/// <param name="Session">The session through it, or null.</param>
internal sealed record FoundPortal(string Portal, bool HasRecord, bool RecordAgrees, FoundSession? Session);

/// <summary>A session of the kernel's initiator.</summary>
/// <param name="Id">The kernel's number of it.</param>
/// <param name="Target">The target's iSCSI name.</param>
/// <param name="Portal">Where it was logged in, <c>address:port</c>.</param>
/// <param name="IsLoggedIn">False while it is being recovered.</param>
/// <param name="RecoverySeconds">How long I/O waits for it to come back; below 0 for ever.</param>
internal sealed record FoundSession(int Id, string Target, string Portal, bool IsLoggedIn, int RecoverySeconds);

/// <summary>A disk of the kernel.</summary>
/// <param name="Name">As in <c>sdb</c>.</param>
/// <param name="Naa">The name by which it says who it is, 32 hexadecimal digits.</param>
/// <param name="SizeBytes">Capacity as the kernel knows it.</param>
/// <param name="IsRunning">The kernel sends commands to it.</param>
internal sealed record FoundDisk(string Name, string Naa, long SizeBytes, bool IsRunning)
{
    /// <summary>What lies on it; null when it was not looked at, as while an array has it.</summary>
    public DiskContent? Content { get; init; }

    /// <summary>Its path.</summary>
    public string Path => $"/dev/{Name}";
}

/// <summary>What lies on a disk.</summary>
internal abstract record DiskContent
{
    private DiskContent()
    {
    }

    /// <summary>No signature, and nothing but zeroes where one would be.</summary>
    internal sealed record Blank : DiskContent;

    /// <summary>A member of an md array.</summary>
    /// <param name="ArrayId">The array's UUID.</param>
    /// <param name="Events">How often the array changed its state, as this member knows.</param>
    internal sealed record Member(Guid ArrayId, long Events) : DiskContent;

    /// <summary>A filesystem.</summary>
    /// <param name="Type">As blkid names it.</param>
    internal sealed record FileSystem(string Type) : DiskContent;

    /// <summary>Something else.</summary>
    /// <param name="What">For a person.</param>
    internal sealed record Foreign(string What) : DiskContent;
}

/// <summary>An md array.</summary>
/// <param name="Name">As in <c>md127</c>.</param>
/// <param name="SizeBytes">Capacity.</param>
/// <param name="State">As in <c>array_state</c> of the kernel.</param>
/// <param name="MemberCount">How many it should have.</param>
/// <param name="Members">Those it has.</param>
/// <param name="Sync">What it copies now, or null.</param>
internal sealed record FoundArray(string Name, long SizeBytes, string State, int MemberCount, IReadOnlyList<FoundMember> Members, FoundSync? Sync)
{
    /// <summary>Its path.</summary>
    public string Path => $"/dev/{Name}";

    /// <summary>It takes reads and writes.</summary>
    public bool IsRunning => State is not ("inactive" or "clear" or "suspended");

    /// <summary>Members whose copy is current.</summary>
    public IEnumerable<FoundMember> InSync => Members.Where(member => member.State == MemberState.InSync);
}

/// <summary>A member of an array.</summary>
/// <param name="Disk">The kernel's name of its disk.</param>
/// <param name="State">Where it stands.</param>
internal sealed record FoundMember(string Disk, MemberState State);

/// <summary>Where a member of an array stands.</summary>
internal enum MemberState
{
    /// <summary>Its copy is current.</summary>
    InSync,

    /// <summary>It is being brought up to date.</summary>
    Rebuilding,

    /// <summary>It failed, and is out.</summary>
    Faulty,
}

/// <summary>What an array copies.</summary>
/// <param name="Action">As the kernel names it: <c>recover</c>, <c>resync</c>, <c>check</c>.</param>
/// <param name="DoneSectors">How far it is.</param>
/// <param name="TotalSectors">How far it goes.</param>
internal sealed record FoundSync(string Action, long DoneSectors, long TotalSectors)
{
    /// <summary>0 to 100.</summary>
    public int Percent => TotalSectors == 0 ? 0 : (int)(100 * DoneSectors / TotalSectors);
}

/// <summary>A map of the device mapper.</summary>
/// <param name="Name">The kernel's name, as in <c>dm-0</c>.</param>
/// <param name="SizeBytes">Capacity.</param>
internal sealed record FoundMap(string Name, long SizeBytes);

/// <summary>A mounted filesystem.</summary>
/// <param name="Path">Where.</param>
/// <param name="SizeBytes">Bytes that its filesystem has.</param>
/// <param name="FreeBytes">Bytes that are free in it.</param>
internal sealed record FoundMount(string Path, long SizeBytes, long FreeBytes);
