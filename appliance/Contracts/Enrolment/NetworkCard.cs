namespace VSan.Contracts.Enrolment;

/// <summary>One network interface of a member.</summary>
/// <param name="Name">The system's name of it, for example <c>enp3s0</c>.</param>
/// <param name="MacAddress">Hardware address as six colon-separated bytes, or empty.</param>
/// <param name="SpeedMbps">Link speed in megabits a second; 0 when unknown.</param>
public sealed record NetworkCard(string Name, string MacAddress, long SpeedMbps);
