using Xunit;

namespace VSan.Tests.EndToEnd.Hosts;

/// <summary>A scenario of minutes: it runs by <c>./dev lab</c>, which sets <c>VSAN_LAB</c>, and is skipped otherwise.</summary>
internal sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("VSAN_LAB") is null) Skip = "Takes minutes: ./dev lab runs it.";
    }

    /// <summary>How often it repeats what it breaks.</summary>
    public static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("VSAN_LAB"), out int rounds) && rounds > 0 ? rounds : 1;
}
