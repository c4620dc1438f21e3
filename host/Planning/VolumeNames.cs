namespace VSan.HostAgent.Planning;

/// <summary>Names that follow from a volume's id, so that nothing of another volume is ever taken for it.</summary>
/// <param name="volumeId">The volume.</param>
internal sealed class VolumeNames(Guid volumeId)
{
    /// <summary>Where mdadm reads additions to its configuration on Debian.</summary>
    private const string GuardFolder = "/etc/mdadm/mdadm.conf.d";

    /// <summary>UUID of the array, as mdadm writes one: four groups of eight digits.</summary>
    public string ArrayUuid => string.Join(':', volumeId.ToString("N").Chunk(8).Select(group => new string(group)));

    /// <summary>Name of the array in its superblock, which has 32 characters for <c>vsan:NAME</c>.</summary>
    public string ArrayName => volumeId.ToString("N")[..24];

    /// <summary>Where the array is to be found.</summary>
    public string ArrayPath => $"/dev/md/vsan-{volumeId:N}"[..32];

    /// <summary>Name of the device mapper's map.</summary>
    public string MapName => $"vsan-{volumeId:N}";

    /// <summary>The file that keeps mdadm from assembling the array by itself.</summary>
    public string GuardPath => $"{GuardFolder}/vsan-{volumeId:N}.conf";

    /// <summary>Its content.</summary>
    public string GuardText => $"# vsan-host alone starts this mirror: it knows which copies are current.\nARRAY <ignore> UUID={ArrayUuid}\n";

    /// <summary>Reads mdadm's way to write a UUID.</summary>
    public static Guid? ParseUuid(string text) => Guid.TryParseExact(text.Replace(":", "", StringComparison.Ordinal), "N", out Guid id) ? id : null;
}
