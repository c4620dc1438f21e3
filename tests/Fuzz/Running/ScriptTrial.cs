using System.Diagnostics;
using VSan.Tests.Fuzz.Oracles;
using VSan.Tests.Fuzz.Scripts;

namespace VSan.Tests.Fuzz.Running;

/// <summary>Runs one script after the other, each against a world that no other has spoilt, and says what is wrong.</summary>
internal sealed class ScriptTrial
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromMilliseconds(100);

    /// <summary>A script that was slow is run again so often: the machine may have been busy.</summary>
    private const int SlowAgain = 5;

    private readonly bool _timed;
    private ScriptRun _run = new(new World());

    /// <summary>Makes the first world. From here on an assertion of the product that fails is an exception, in the whole process.</summary>
    public ScriptTrial(bool timed)
    {
        _timed = timed;
        if (Trace.Listeners.OfType<AssertionListener>().Any()) return;
        Trace.Listeners.Clear();
        Trace.Listeners.Add(new AssertionListener());
    }

    /// <summary>Null: nothing is wrong.</summary>
    public string? Try(Script script, int cutSeed)
    {
        string? what = TryOnce(script, cutSeed, out TimeSpan time);
        for (int again = 0; what is null && _timed && time > TimeMax; again++)
        {
            if (again == SlowAgain) return $"It took {time.TotalMilliseconds:F0} ms.";
            what = TryOnce(script, cutSeed, out time);
        }

        return what;
    }

    private string? TryOnce(Script script, int cutSeed, out TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            _run.Execute(script, cutSeed == 0 ? null : new Random(cutSeed));
            return null;
        }
        catch (Exception error)
        {
            // Whatever it is: no exception may leave a connection.
            _run = new ScriptRun(new World());
            return error is FindingException ? error.Message : error.ToString();
        }
        finally
        {
            time = Stopwatch.GetElapsedTime(start);
        }
    }

    private sealed class AssertionListener : TraceListener
    {
        public override void Write(string? message)
        {
        }

        public override void WriteLine(string? message)
        {
        }

        public override void Fail(string? message, string? detailMessage) => throw new FindingException($"An assertion fails: {message} {detailMessage}\n{Environment.StackTrace}");
    }
}
