namespace VSan.WebOs.Shell;

/// <summary>The desktop as it is rendered; what opens on it is the shell's work.</summary>
/// <param name="UserName">Who is signed in.</param>
/// <param name="Content">How the person left it, JSON; empty the first time.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c>, or null for what the system says.</param>
public sealed record DesktopModel(string UserName, string Content, string? Theme);
