import './style.css'
import '../ui/rare-icons'
import './owner-app'
