using VSan.Contracts.UnitLink;

namespace VSan.Station.Execution;

/// <summary>Media classes as policies and stores are said to have them.</summary>
internal static class MediaName
{
    /// <summary>The names that a policy may ask for.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. Enum.GetValues<MediaClass>().Select(Of).OfType<string>()];

    /// <summary>The name; null of what nobody knows, which no policy can ask for.</summary>
    public static string? Of(MediaClass media) => media switch
    {
        MediaClass.Unknown => null,
        MediaClass.Hdd => "hdd",
        MediaClass.Ssd => "ssd",
        MediaClass.Nvme => "nvme",
        MediaClass.Memory => "memory",
    };
}
