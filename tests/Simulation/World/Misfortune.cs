using VSan.Tests.Simulation.Kernel;

namespace VSan.Tests.Simulation.World;

/// <summary>What goes wrong now and then: deaths, pauses, clocks that jump, and networks that are cut.</summary>
internal sealed class Misfortune(SimWorld world)
{
    private readonly Faults _faults = world.Faults;

    private Simulator Simulation => world.Simulation;

    public void Begin() => Simulation.After(Simulation.Between(0, 2 * _faults.MeanBetween.TotalSeconds), Strike);

    private void Strike()
    {
        if (world.Faults != _faults) return;
#pragma warning disable CA5394 // Repeatable on purpose.
        SimUnit unit = world.Units[Simulation.Random.Next(world.Units.Count)];
        SimLink link = world.Network.Of(unit.Id);
        switch (Simulation.Random.Next(10))
        {
            case 0:
                unit.KillAgent(Simulation.Between(0.2, 10));
                break;
            case 1:
                unit.LosePower();
                break;
            case 2:
                world.KillStation();
                break;
            case 3:
                Note($"{unit.Name} pauses");
                unit.Process.Pause(Simulation.Between(1, 40));
                break;
            case 4:
                Note("station pauses");
                world.Station.Process.Pause(Simulation.Between(1, 20));
                break;
            case 5:
                Note($"{unit.Name} clock jumps");
                unit.Process.Skew = Simulation.Between(-3600, 3600);
                break;
            case 6:
                Note($"{unit.Name} hears nothing");
                link.CutToUnitUntil = Simulation.Now + Simulation.Between(2, 60);
                break;
            case 7:
                Note($"{unit.Name} is not heard");
                link.CutToStationUntil = Simulation.Now + Simulation.Between(2, 60);
                break;
            case 8:
                Partition(Simulation.Between(5, 60));
                break;
            default:
                Note($"{unit.Name} block server dies");
                RestartBlockServer(unit);
                break;
        }
#pragma warning restore CA5394
        Begin();
    }

    private void RestartBlockServer(SimUnit unit)
    {
        unit.BlockServer.Running = false;
        Simulation.After(Simulation.Between(0.1, 3), () => unit.BlockServer.Running = unit.BlockServer.Running || unit.Powered);
    }

    private void Partition(TimeSpan duration)
    {
        Note("partition");
        foreach (SimUnit unit in world.Units.Where(_ => Simulation.Chance(0.5)))
        {
            SimLink link = world.Network.Of(unit.Id);
            link.CutToStationUntil = link.CutToUnitUntil = Simulation.Now + duration;
        }
    }

    private void Note(string what) => Simulation.Note(what);
}
