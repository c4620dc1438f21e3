using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Station.Execution;
using VSan.Tests.Simulation.Invariants;
using VSan.Tests.Simulation.Kernel;
using VSan.Tests.Simulation.World;
using Person = VSan.Tests.Simulation.World.Person;

namespace VSan.Tests.Simulation;

/// <summary>
/// One run of one seed: units join, people work, things go wrong; then nothing goes wrong any more, and everything must be as people were
/// told.
/// <code>
/// join ─► work, calm ─► work, with misfortune ─► healed, in every third run one unit stays off ─► all up
///                                                            checked at rest                      checked at rest
/// </code>
/// </summary>
internal sealed class SimRun
{
    private static readonly TimeSpan Joining = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(4);




    private readonly Simulator _simulation;
    private readonly SimWorld _world;
    private readonly TimeSpan _working;

    private SimRun(int seed, int unitCount, TimeSpan working, TextWriter? trace)
    {
        _simulation = new Simulator(seed) { Trace = trace };
        _world = new SimWorld(_simulation, unitCount, Invariant.All());
        _working = working;
    }

    /// <summary>Runs one seed.</summary>
    /// <param name="seed">Of everything that is left to chance.</param>
    /// <param name="unitCount">Units of the pool.</param>
    /// <param name="working">How long people work while things go wrong, in simulated time.</param>
    /// <param name="trace">Where what happens is written; null: nowhere.</param>
    public static SimOutcome Run(int seed, int unitCount, TimeSpan working, TextWriter? trace)
    {
        SimRun run = new(seed, unitCount, working, trace);
        run.Live();
        run._world.End();
        return new SimOutcome(seed, run._simulation.Events, run._simulation.Hash, run._world.Violations);
    }

    private void Live()
    {
        Join();
        Pass(Joining);
        Person[] people = [new(_world, "anna", "host-a"), new(_world, "bert", "host-b"), new(_world, "carl", "host-c")];
        foreach (Person person in people) person.Begin();
        new Hosts(_world).Begin();
        Pass(TimeSpan.FromMinutes(1));
        _world.Trouble(Faults.Draw(_simulation.Random));
        Pass(_working);
        foreach (Person person in people) person.Stop();
        _world.Heal();
        if (_simulation.Seed % 3 == 0) RestWithout(_world.Units[_simulation.Seed / 3 % _world.Units.Count]);
        Pass(Settling);
        _world.CheckAtRest(allUp: true);
    }

    private void RestWithout(SimUnit unit)
    {
        SimLink link = _world.Network.Of(unit.Id);
        link.CutToStationUntil = link.CutToUnitUntil = DateTimeOffset.MaxValue;
        Pass(Settling);
        _world.CheckAtRest(allUp: false);
        link.CutToStationUntil = link.CutToUnitUntil = default;
    }

    private void Join()
    {
        Caller admin = Caller.Of("admin", Role.Admin);
        StationServices services = _world.Station.Services;
        _world.Station.Process.Start(async () =>
        {
            foreach (SimUnit unit in _world.Units)
            {
                StartupPacket packet = new(MemberKind.Unit, unit.Id, unit.Name, "sn", Guid.Empty, "1", ["10.0.0.1"], [], MakeRequest(), null);
                await services.Enrolment.AdmitAsync(packet, "peer", default);
                await services.Units.ApproveAsync(admin, unit.Id, default);
            }
        });
    }

    private void Pass(TimeSpan time) => _simulation.RunUntil(_simulation.Now + time);

    private static string MakeRequest()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(new CertificateRequest("CN=unit", key, HashAlgorithmName.SHA256).CreateSigningRequest());
    }
}

/// <summary>How a run ended.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Events">Things that happened.</param>
/// <param name="Hash">Over all of them: the same seed gives the same.</param>
/// <param name="Violations">Promises that were broken.</param>
internal sealed record SimOutcome(int Seed, long Events, ulong Hash, IReadOnlyList<Violation> Violations);
