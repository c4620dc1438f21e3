using System.Globalization;
using VSan.WebOs.Slices;

namespace VSan.WebOs.Shell;

/// <summary>One whole page.</summary>
/// <param name="Title">Title of the window and of the browser's tab.</param>
/// <param name="UserName">Who is signed in, or null.</param>
/// <param name="App">The dock's entry that is current, or null.</param>
/// <param name="Body">What is inside the window.</param>
public sealed record Page(string Title, string? UserName, App? App, Slice Body)
{
    /// <summary>The page asks for itself again after this time, or never: for pages whose numbers move.</summary>
    public TimeSpan? Refresh { get; init; }

    /// <summary>The same in whole seconds, as a page says it; null for never.</summary>
    public string? RefreshSeconds => Refresh is { } time ? ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null;
}
