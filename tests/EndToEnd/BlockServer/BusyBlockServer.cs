using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>A block server that serves an honest client all the time while others misbehave.</summary>
public sealed class BusyBlockServer : IAsyncLifetime
{
    private readonly TestDirectory _directory = TestDirectory.For(nameof(BusyBlockServer));

    internal BlockServerUnderTest Server { get; private set; } = null!;

    internal BlockServerSetup Setup { get; private set; } = null!;

    internal VerifiedLoad Bystander { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await BlockServerUnderTest.StartAsync(_directory);
        Setup = new BlockServerSetup(_directory).WithVolumes(2);
        await Server.ApplyAsync(Setup.Next());
        Bystander = VerifiedLoad.Start(Setup.Access(lun: 1), seed: 5);
        await Bystander.ProgressAsync();
    }

    public async Task DisposeAsync()
    {
        await Bystander.DisposeAsync();
        await Server.DisposeAsync();
        _directory.Dispose();
    }
}
