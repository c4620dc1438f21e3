using VSan.Station.State;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>A state directory of one test, gone after it.</summary>
internal sealed class TemporaryState : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-station-");

    public TemporaryState() => State = StateDirectory.Open(Path);

    public string Path => _directory.FullName;

    public StateDirectory State { get; }

    public void Dispose()
    {
        State.Dispose();
        _directory.Delete(recursive: true);
    }
}
