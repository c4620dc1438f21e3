using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.Pool;

/// <summary>A small pool that the tests of a class share; nobody kills anything in it.</summary>
public sealed class SharedPool : IAsyncLifetime
{
    private readonly TestDirectory _directory = TestDirectory.For(nameof(SharedPool));

    internal TestPool Pool { get; private set; } = null!;

    public async Task InitializeAsync() => Pool = await TestPool.StartAsync(_directory, units: 2);

    public async Task DisposeAsync()
    {
        await Pool.DisposeAsync();
        _directory.Dispose();
    }
}
