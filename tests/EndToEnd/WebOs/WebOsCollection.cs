using Xunit;

namespace VSan.Tests.EndToEnd.WebOs;

/// <summary>Tests that share one pool and one browser: none of them stops anything in it.</summary>
[CollectionDefinition(Name)]
public sealed class WebOsCollection : ICollectionFixture<Chromium>
{
    public const string Name = "Web OS";
}
