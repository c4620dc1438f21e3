using VSan.Contracts.Api;

namespace VSan.WebOs.Apps.Volumes;

/// <summary>What is said behind a host's LUN while it cannot simply be used.</summary>
public static class MappingNote
{
    /// <summary>A clause that continues a list, or nothing.</summary>
    public static string Of(MappingState state) => state switch
    {
        MappingState.Pending => ", not served yet",
        MappingState.Active => "",
        MappingState.Removing => ", being taken away",
    };
}
