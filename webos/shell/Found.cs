namespace VSan.WebOs.Shell;

/// <summary>One line of the command palette.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">What it is, in a word.</param>
/// <param name="Path">Where it is.</param>
public sealed record Found(string Name, string Kind, string Path);
