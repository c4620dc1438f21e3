using System.Reflection;
using VSan.UnitAgent.Updating;

namespace VSan.UnitAgent;

/// <summary>The version that people are told of: the image's, and outside of an image that of this program.</summary>
internal static class SoftwareVersion
{
    /// <summary>The one that runs.</summary>
    public static string Present { get; } = RunningImage.OfThisMachine.Version?.Text
        ?? typeof(SoftwareVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? string.Empty;
}
