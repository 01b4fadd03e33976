// The one file that names the actor library. ActorRuntime.Akka.cs replaces it with -p:ActorRuntime=Akka.
