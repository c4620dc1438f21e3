using VSan.Station.Domain;
using VSan.Station.State;
using VSan.Station.Store.Sqlite;
using VSan.Station.Verbs;
using VSan.Tests.ControlPlane.StationStore;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>Backup, restore and the doctor, over whole state directories.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-backup-");
    private readonly StringWriter _output = new();

    private string State => Path.Combine(_directory.FullName, "state");

    private string Other => Path.Combine(_directory.FullName, "other");

    private string Backup => Path.Combine(_directory.FullName, "station.backup");

    private string PassphraseFile => Path.Combine(_directory.FullName, "passphrase");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(PassphraseFile, "correct horse battery\n");
        await InitVerb.RunAsync(State, "test", [], TextWriter.Null, default);
        await AddHostAsync("before");
    }

    public Task DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Restore_OnAnotherMachine_IsTheSameStation()
    {
        await BackUpAsync();
        await RestoreAsync(Backup, Other, PassphraseFile, yes: false);
        Assert.Equal(["before"], await HostsAsync(Other));
        foreach (string name in StateDirectory.Keys.Append(StateDirectory.Identity))
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(State, name)), await File.ReadAllBytesAsync(Path.Combine(Other, name)));
        using StateDirectory state = StateDirectory.Open(Other);
        await using SqliteStore store = StoreFile.Open(state, TimeProvider.System);
        IReadOnlyList<AuditRecord> audit = await store.ReadAsync(tx => tx.AuditAfter(0, 100), default);
        Assert.Equal("station.restore", audit[^1].Action);
    }

    [Fact]
    public async Task Backup_WhileTheStationWrites_IsAConsistentCopy()
    {
        using StateDirectory state = StateDirectory.Open(State);
        await using SqliteStore store = StoreFile.Open(state, TimeProvider.System);
        using CancellationTokenSource ending = new();
        Task writer = Task.Run(async () =>
        {
            for (int index = 0; !ending.IsCancellationRequested; index++)
            {
                await store.WriteAsync(tx => (tx.Table<Host>().Insert(DatabaseFile.Host($"w{index}")), tx.AppendEvent(DatabaseFile.Now, "k", "s", "m")), default);
            }
        });
        await BackUpAsync();
        await ending.CancelAsync();
        await writer;
        await RestoreAsync(Backup, Other, PassphraseFile, yes: false);
        Assert.Contains("before", await HostsAsync(Other));
    }

    [Fact]
    public async Task Restore_OverALivingStation_NeedsYesAndSetsItAside()
    {
        await BackUpAsync();
        await AddHostAsync("after");
        StationException refusal = await Assert.ThrowsAsync<StationException>(() => RestoreAsync(Backup, State, PassphraseFile, yes: false));
        Assert.Contains("--yes", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["after", "before"], await HostsAsync(State));
        using (StateDirectory running = StateDirectory.Open(State))
            Assert.Contains("in use", (await Assert.ThrowsAsync<StationException>(() => RestoreAsync(Backup, State, PassphraseFile, yes: true))).Message, StringComparison.Ordinal);

        await RestoreAsync(Backup, State, PassphraseFile, yes: true);
        Assert.Equal(["before"], await HostsAsync(State));
        Assert.Single(Directory.GetDirectories(State, "replaced-*"));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.95)]
    public async Task Restore_DamagedBackup_ChangesNothing(double at)
    {
        await BackUpAsync();
        byte[] bytes = await File.ReadAllBytesAsync(Backup);
        bytes[(int)(bytes.Length * at)] ^= 0xff;
        await File.WriteAllBytesAsync(Backup, bytes);
        await AddHostAsync("after");
        await Assert.ThrowsAsync<StationException>(() => RestoreAsync(Backup, State, PassphraseFile, yes: true));
        Assert.Equal(["after", "before"], await HostsAsync(State));
    }

    [Fact]
    public async Task Restore_WrongPassphrase_IsRefused()
    {
        await BackUpAsync();
        await File.WriteAllTextAsync(PassphraseFile, "another passphrase\n");
        Assert.Contains("passphrase", (await Assert.ThrowsAsync<StationException>(() => RestoreAsync(Backup, Other, PassphraseFile, yes: false))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_HoldsNoKeyInTheClear()
    {
        await BackUpAsync();
        byte[] bytes = await File.ReadAllBytesAsync(Backup);
        byte[] key = await File.ReadAllBytesAsync(Path.Combine(State, StateDirectory.SecretsKey));
        foreach (byte[] secret in (byte[][])[key, [.. "PRIVATE KEY"u8]]) Assert.Equal(-1, bytes.AsSpan().IndexOf(secret));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
    }

    [Fact]
    public async Task Backup_WithoutKeys_SaysSoAndRestoresOnlyBesideThem()
    {
        await Assert.ThrowsAsync<StationException>(() => BackupVerb.RunAsync(Backup, State, null, withoutKeys: false, _output, TimeProvider.System));
        await BackupVerb.RunAsync(Backup, State, null, withoutKeys: true, _output, TimeProvider.System);
        Assert.Contains("lacks the keys", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("has no keys", (await Assert.ThrowsAsync<StationException>(() => RestoreAsync(Backup, Other, null, yes: false))).Message, StringComparison.Ordinal);
        await RestoreAsync(Backup, State, null, yes: true);
        Assert.Equal(["before"], await HostsAsync(State));
    }

    [Fact]
    public async Task Run_DatabaseDamaged_NamesTheCopyThatRestoresIt()
    {
        string database = Path.Combine(State, StateDirectory.Database);
        StoreBackups copies = new(database, TimeProvider.System);
        StoreCopy.Keep(database, copies, "daily");
        await File.WriteAllTextAsync(database, new string('x', 8192));
        foreach (string suffix in (string[])["-wal", "-shm"]) File.Delete(database + suffix);
        using (StateDirectory state = StateDirectory.Open(State))
            Assert.Contains(copies.Newest!, Assert.Throws<StationException>(() => StoreFile.Open(state, TimeProvider.System)).Message, StringComparison.Ordinal);
        await RestoreAsync(copies.Newest!, State, null, yes: true);
        Assert.Equal(["before"], await HostsAsync(State));
    }

    [Fact]
    public void Run_DatabaseGone_IsNotAnEmptyStation()
    {
        using StateDirectory state = StateDirectory.Open(State);
        state.RemoveDatabase();
        Assert.Contains("is gone", Assert.Throws<StationException>(() => StoreFile.Open(state, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_SoundStation_FindsOnlyThatThereIsNoCopy()
    {
        (int code, string said) = await ExamineAsync();
        Assert.Equal(0, code);
        Assert.Contains("ok      database", said, StringComparison.Ordinal);
        Assert.Contains("warning copies", said, StringComparison.Ordinal);
        StoreCopy.Keep(Path.Combine(State, StateDirectory.Database), new StoreBackups(Path.Combine(State, StateDirectory.Database), TimeProvider.System), "daily");
        Assert.DoesNotContain("→", (await ExamineAsync()).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_EachTrouble_IsFoundWithItsNextAction()
    {
        string key = Path.Combine(State, StateDirectory.SecretsKey);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        File.Delete(Path.Combine(State, StateDirectory.AuthorityKey));
        File.SetLastWriteTimeUtc(Path.Combine(State, StateDirectory.Identity), TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(2));
        DatabaseFile.Execute(Path.Combine(State, StateDirectory.Database), "UPDATE audit SET who = 'nobody' WHERE number = 1; UPDATE host SET created_at = -1");
        (int code, string said) = await ExamineAsync();
        Assert.Equal(1, code);
        foreach (string expected in (string[])["ca.key is missing", "secrets.key can be read by others", "was set back", "host", "cannot be read"])
            Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.Equal(said.Split('\n').Count(line => line.StartsWith("error", StringComparison.Ordinal) || line.StartsWith("warning", StringComparison.Ordinal)), said.Split('→').Length - 1);
    }

    [Fact]
    public async Task Doctor_CertificatesNearTheirEnd_AreFound()
    {
        StringWriter said = new();
        Assert.Equal(1, await DoctorVerb.RunAsync(State, said, new TestClock(TimeProvider.System.GetUtcNow().AddYears(11))));
        Assert.Contains("ca.crt is valid from", said.ToString(), StringComparison.Ordinal);
    }

    private Task BackUpAsync() => BackupVerb.RunAsync(Backup, State, PassphraseFile, withoutKeys: false, _output, TimeProvider.System);

    private Task RestoreAsync(string backup, string state, string? passphraseFile, bool yes) =>
        RestoreVerb.RunAsync(backup, state, passphraseFile, yes, _output, TimeProvider.System, default);

    private async Task<(int Code, string Said)> ExamineAsync()
    {
        StringWriter said = new();
        int code = await DoctorVerb.RunAsync(State, said, TimeProvider.System);
        return (code, said.ToString());
    }

    private async Task AddHostAsync(string name)
    {
        using StateDirectory state = StateDirectory.Open(State);
        await using SqliteStore store = StoreFile.Open(state, TimeProvider.System);
        await store.WriteAsync(tx => tx.Table<Host>().Insert(DatabaseFile.Host(name)), default);
    }

    private static async Task<string[]> HostsAsync(string path)
    {
        using StateDirectory state = StateDirectory.Open(path);
        await using SqliteStore store = StoreFile.Open(state, TimeProvider.System);
        return await store.ReadAsync(tx => tx.Table<Host>().Page(null, 9999).Select(host => host.Name).Order().ToArray(), default);
    }
}
