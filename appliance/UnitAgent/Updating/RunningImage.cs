using VSan.Contracts;
using VSan.Images;

namespace VSan.UnitAgent.Updating;

/// <summary>The image that this machine runs.</summary>
/// <param name="Version">Its version; null when the system is none of the appliance's images.</param>
internal sealed record RunningImage(ImageVersion? Version)
{
    private const string ReleaseFile = "/usr/lib/os-release";

    /// <summary>What runs here.</summary>
    public static RunningImage OfThisMachine { get; } = Read(ReleaseFile);

    /// <summary>Reads an os-release file.</summary>
    public static RunningImage Read(string path)
    {
        Dictionary<string, string> release = File.Exists(path) ? ImageFile.Release(File.ReadAllText(path)) : [];
        return new(release.GetValueOrDefault("IMAGE_ID") == "vsan" && ImageVersion.TryParse(release.GetValueOrDefault("IMAGE_VERSION"), out ImageVersion? version) ? version : null);
    }
}
