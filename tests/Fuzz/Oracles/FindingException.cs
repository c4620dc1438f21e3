namespace VSan.Tests.Fuzz.Oracles;

/// <summary>An oracle says that the target did what it must not.</summary>
internal sealed class FindingException(string what) : Exception(what);
