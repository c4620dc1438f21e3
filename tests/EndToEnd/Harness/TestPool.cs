using VSan.Contracts.Api;

namespace VSan.Tests.EndToEnd.Harness;

/// <summary>A station, its units, and an administrator who is signed in by REST and by the command line.</summary>
internal sealed class TestPool : IAsyncDisposable
{
    private readonly List<UnitUnderTest> _units = [];
    private string _token = string.Empty;

    private TestPool(TestDirectory directory, StationUnderTest station) =>
        (Directory, Station, Api, Cli) = (directory, station, new PoolApi(station.Address, station.CaFile), new VsanCli(directory));

    public TestDirectory Directory { get; }

    public StationUnderTest Station { get; }

    public PoolApi Api { get; }

    public VsanCli Cli { get; }

    public IReadOnlyList<UnitUnderTest> Units => _units;

    /// <summary>Starts a station and that many units, and returns when all are ready.</summary>
    public static async Task<TestPool> StartAsync(TestDirectory directory, int units, string stateFolder = "station.state")
    {
        StationUnderTest station = await StationUnderTest.StartAsync(directory, stateFolder);
        TestPool pool = new(directory, station);
        try
        {
            await pool.Api.SignInAsync(StationUnderTest.UserName, station.Password);
            await pool.Cli.LogInAsync(station);
            pool._token = (await pool.Api.PostAsync<TokenCreated>("tokens", new TokenCreate(AutoApprove: true, Uses: 100, LifetimeSeconds: null))).Secret;
            for (int i = 1; i <= units; i++) pool.StartUnit();
            await pool.AllReadyAsync();
            return pool;
        }
        catch
        {
            await pool.DisposeAsync();
            throw;
        }
    }

    public UnitUnderTest StartUnit()
    {
        UnitUnderTest unit = UnitUnderTest.Start(Directory, Station, $"unit-{_units.Count + 1}", _token);
        _units.Add(unit);
        return unit;
    }

    public Task AllReadyAsync() => Eventually.TrueAsync($"{_units.Count} units are ready", async () =>
    {
        UnitPage page = await Api.GetAsync<UnitPage>("units");
        return _units.All(unit => page.Items.Any(found => found.Name == unit.Name && found.State == UnitState.Ready));
    });

    public Task<Host> AddHostAsync(string name) => Api.PostAsync<Host>("hosts", new HostCreate(name, $"iqn.2026-11.io.example:{name}"));

    /// <summary>Creates a volume for a host and returns how the host reaches it.</summary>
    public async Task<HostAccess> CreateVolumeAsync(string name, Host host, long sizeBytes = 64L << 20, UnitUnderTest? on = null)
    {
        Guid? unitId = on is null ? null : (await FindUnitAsync(on.Name)).Id;
        VolumeAccepted accepted = await Api.PostAsync<VolumeAccepted>("volumes?wait=30s", new VolumeCreate(name, sizeBytes, null, null, host.Id, unitId));
        if (accepted.Operation.State != OperationState.Succeeded) throw new InvalidOperationException($"{accepted.Operation.Title}: {accepted.Operation}");
        return await AccessAsync(accepted.Volume.Id);
    }

    /// <summary>How the only host of a volume reaches it.</summary>
    public async Task<HostAccess> AccessAsync(Guid volumeId)
    {
        Volume volume = await Api.GetAsync<Volume>($"volumes/{volumeId}");
        ConnectInfo info = await Api.GetAsync<ConnectInfo>($"mappings/{volume.Mappings.Single().Id}/connect-info");
        return HostAccess.Of(info, info.Legs.Single());
    }

    public async Task<Unit> FindUnitAsync(string name) => (await Api.GetAsync<UnitPage>($"units?name={name}")).Items.Single();

    public async Task<Volume> FindVolumeAsync(string name) => (await Api.GetAsync<VolumePage>($"volumes?name={name}")).Items.Single();

    public async ValueTask DisposeAsync()
    {
        foreach (UnitUnderTest unit in _units) await unit.DisposeAsync();
        Api.Dispose();
        await Station.DisposeAsync();
    }
}
