using VSan.BlockServer.Configuration;
using VSan.Contracts.BlockServer;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-state-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Copy_WrittenAndRead_IsTheSameAndForTheOwnerOnly()
    {
        var file = new ConfigurationFile(_directory.FullName);
        var configuration = new BlockServerConfiguration(7, ["127.0.0.1:3260"], [], []);
        Assert.Null(file.Write(configuration));
        Assert.Null(file.Read(out BlockServerConfiguration? read));
        Assert.True(ConfigurationFile.AreEqual(configuration, read!));
        string path = Path.Combine(_directory.FullName, "configuration.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Copy_Damaged_IsAnErrorAndNotAnException()
    {
        File.WriteAllText(Path.Combine(_directory.FullName, "configuration.json"), "{");
        Assert.NotNull(new ConfigurationFile(_directory.FullName).Read(out BlockServerConfiguration? read));
        Assert.Null(read);
    }

    [Fact]
    public void StateDirectory_TakenTwice_RefusesTheSecondUntilTheFirstEnds()
    {
        using (StateDirectory? first = StateDirectory.TryTake(_directory.FullName, out _))
        {
            Assert.NotNull(first);
            Assert.Null(StateDirectory.TryTake(_directory.FullName, out string? error));
            Assert.Contains("another", error, StringComparison.Ordinal);
        }

        using StateDirectory? again = StateDirectory.TryTake(_directory.FullName, out _);
        Assert.NotNull(again);
    }
}
